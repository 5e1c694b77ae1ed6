// Without this script the page is whole; with it, it can be searched.
{
  const box = document.querySelector("#search");
  const found = document.querySelector("#found");
  const list = document.querySelector("nav details");
  const wide = matchMedia("(min-width: 62rem)");
  const articles = [...document.querySelectorAll("article")].map((article) => {
    const link = document.querySelector(`nav li a[href="#${article.id}"]`);
    const parts = article.querySelectorAll("h3, .said, .chips, h4, td, .kind");
    const text = [...parts]
      .map((part) => part.textContent)
      .join(" ")
      .toLowerCase();
    return { article, item: link?.parentElement, text };
  });
  const groups = [
    ...[...document.querySelectorAll("section.family")].map((group) => [group, "article:not([hidden])"]),
    ...[...document.querySelectorAll("nav section[data-family]")].map((group) => [group, "li:not([hidden])"]),
  ];
  const show = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { article, item, text } of articles) {
      const fits = words.every((word) => text.includes(word));
      article.hidden = !fits;
      if (item) item.hidden = !fits;
      if (fits && item) count += 1;
    }
    for (const [group, shown] of groups) group.hidden = !group.querySelector(shown);
    found.hidden = words.length === 0;
    found.textContent =
      count === 0 ? `No event has “${box.value.trim()}”` : count === 1 ? "1 event" : `${count} events`;
  };
  const open = () => {
    list.open = wide.matches;
  };
  box.addEventListener("input", () => {
    show();
    if (!found.hidden) found.scrollIntoView();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    box.value = "";
    show();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target === box) return;
    event.preventDefault();
    box.focus();
  });
  // A link to what the search hides ends the search.
  addEventListener("hashchange", () => {
    const target = document.querySelector(`[id="${CSS.escape(decodeURIComponent(location.hash.slice(1)))}"]`);
    if (!target?.closest("[hidden]")) return;
    box.value = "";
    show();
    target.scrollIntoView();
  });
  list.addEventListener("click", (event) => {
    if (!wide.matches && event.target.closest("a")) list.open = false;
  });
  wide.addEventListener("change", open);
  open();
  box.parentElement.hidden = false;
}
