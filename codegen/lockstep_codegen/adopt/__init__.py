"""A contract from the Pydantic models that a team already publishes, with a list of what a person must decide."""

from lockstep_codegen.adopt.contract import Adopted, adopt
from lockstep_codegen.adopt.models import AdoptError, Models, read_models

__all__ = ["AdoptError", "Adopted", "Models", "adopt", "read_models"]
