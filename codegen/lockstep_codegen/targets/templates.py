"""The templates of the targets: compiled once in a process, so that `lockstep watch` does not wait for it again."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def environment(folder: str) -> Environment:
    """The templates of `templates/<folder>`; what a template names and nobody gives is an error."""
    return Environment(
        loader=PackageLoader("lockstep_codegen", f"templates/{folder}"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=_is_html,
    )


def _is_html(template: str | None) -> bool:
    return template is not None and template.endswith(".html.jinja")
