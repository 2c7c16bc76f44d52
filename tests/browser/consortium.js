// What the Email Markup Consortium's report counts, and some of our own: serious complaints, empty when all is well.
(() => {
  const complaints = [];
  const text = (node) => (node.textContent || "").replace(/[\s\u00a0\u200c\u200d\u034f\u00ad\ufeff]+/g, " ").trim();
  const named = (element) => `<${element.tagName.toLowerCase()} class="${element.getAttribute("class") || ""}"> ${text(element).slice(0, 30)}`;
  const tag = (value) => { try { return Intl.getCanonicalLocales(value).length === 1; } catch { return false; } };
  const root = document.documentElement;

  // language and direction, on html and on one element within body that is around all words
  if (!tag(root.lang)) complaints.push(`html lang="${root.lang}"`);
  if (!["ltr", "rtl"].includes(root.dir)) complaints.push(`html dir="${root.dir}"`);
  const around = [...document.body.querySelectorAll("[lang][dir]")].filter((e) => tag(e.lang) && !["TD", "TH", "TR", "TABLE"].includes(e.tagName));
  const speaking = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (speaking.nextNode()) {
    const node = speaking.currentNode, parent = node.parentElement;
    if (["STYLE", "SCRIPT", "TITLE"].includes(parent.tagName) || !text(node)) continue;
    if (!around.some((e) => e.contains(node)) && !complaints.some((c) => c.startsWith("no lang and"))) complaints.push(`no lang and dir in body around: ${text(node).slice(0, 40)}`);
  }
  if (!document.title.trim()) complaints.push("no title");

  // headings
  const headings = [...document.body.querySelectorAll("h1,h2,h3,h4,h5,h6")];
  const firsts = headings.filter((e) => e.tagName === "H1").length;
  if (window.wholeMail && firsts !== 1) complaints.push(`${firsts} h1`);
  headings.reduce((last, e) => {
    const level = +e.tagName[1];
    if (last && level > last + 1) complaints.push(`h${level} behind h${last}: ${named(e)}`);
    if (!text(e) && !e.querySelector("img[alt]:not([alt=''])")) complaints.push(`an empty heading: ${named(e)}`);
    return level;
  }, 0);

  // tables, those in conditional comments, too
  const inside = [];
  const comments = document.createTreeWalker(document, NodeFilter.SHOW_COMMENT);
  while (comments.nextNode()) if (/^\[if [^!]/.test(comments.currentNode.data)) inside.push(comments.currentNode.data);
  for (const table of document.querySelectorAll("table")) {
    if (["presentation", "none"].includes(table.getAttribute("role"))) continue;
    if (!table.querySelector("th[scope]") || !table.caption || !text(table.caption)) complaints.push(`a data table without headers or caption: ${named(table)}`);
  }
  for (const data of inside) {
    for (const [table] of data.matchAll(/<table\b[^>]*>/gi)) if (!/role="?(presentation|none)/i.test(table)) complaints.push(`for Outlook: ${table}`);
    for (const [shape] of data.matchAll(/<v:(?:roundrect|rect|oval|shape|image)\b[^>]*>/gi)) {
      if (!/\salt=/i.test(shape)) complaints.push(`a VML shape without alt: ${shape.slice(0, 80)}`);
      if (/\shref=/i.test(shape)) complaints.push(`a VML link, out of reach of the keyboard: ${shape.slice(0, 80)}`);
    }
  }

  // links
  for (const link of document.querySelectorAll("a")) {
    const href = link.getAttribute("href") || "";
    if (!/^(https:|mailto:|tel:|#\w)/.test(href)) complaints.push(`a link to "${href}": ${named(link)}`);
    const said = [text(link), ...[...link.querySelectorAll("img")].map((i) => i.alt)].join(" ").trim().toLowerCase();
    if (/^(click here|here|read more|more|link|hier|mehr|هنا)$/.test(said)) complaints.push(`a link that does not say where: ${said}`);
  }

  // text
  for (const element of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(element);
    if (style.textAlign === "justify" && text(element)) complaints.push(`justified: ${named(element)}`);
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && text(n));
    const hidden = style.display === "none" || style.visibility === "hidden" || style.opacity === "0" || parseFloat(style.maxHeight) === 0;
    if (own && !hidden && parseFloat(style.fontSize) < 2) complaints.push(`text of ${style.fontSize}, which filters count: ${named(element)}`);
  }
  for (const image of document.images) {
    if (!image.hasAttribute("alt")) complaints.push(`no alt: ${image.outerHTML.slice(0, 60)}`);
    if (/\.(png|jpe?g|gif|svg)$/i.test(image.alt)) complaints.push(`alt is a file name: ${image.alt}`);
  }
  return complaints;
})();
