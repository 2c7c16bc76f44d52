// What a page looks like, measured: a list of complaints, empty when all is well.
(() => {
  const complaints = [];
  const width = document.documentElement.clientWidth;
  const shown = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.display === "none" || style.visibility === "hidden" || style.opacity === "0") return false;
    }
    return true;
  };
  const named = (element) => {
    const text = (element.textContent || element.getAttribute("alt") || "").trim().slice(0, 30);
    return `<${element.tagName.toLowerCase()} class="${element.className}"> ${text}`;
  };

  // overflow
  const scroll = document.documentElement.scrollWidth;
  if (scroll > width) complaints.push(`the page is ${scroll} px wide in ${width}`);
  for (const element of document.body.querySelectorAll("*")) {
    const box = element.getBoundingClientRect();
    if (!shown(element) || box.width === 0) continue;
    if (box.right > width + 1 || box.left < -1) {
      complaints.push(`overflow: ${named(element)} from ${box.left} to ${box.right}`);
    }
  }

  // contrast
  const parse = (text) => {
    const numbers = text.match(/[\d.]+/g).map(Number);
    return { rgb: numbers.slice(0, 3), alpha: numbers.length > 3 ? numbers[3] : 1 };
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((channel) => {
      const c = channel / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color.alpha === 1) return color.rgb;
      if (color.alpha > 0) complaints.push(`translucent ground: ${named(at)}`);
    }
    return [255, 255, 255];
  };
  const contrast = (element) => {
    const front = parse(getComputedStyle(element).color);
    const [low, high] = [luminance(front.rgb), luminance(ground(element))].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const speaking = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (walker.currentNode.data.replace(/[\s\u00a0\u200c\u034f]/g, "")) speaking.add(walker.currentNode.parentElement);
  }
  for (const image of document.images) if (image.alt) speaking.add(image);
  for (const element of speaking) {
    if (!shown(element)) continue;
    const ratio = contrast(element);
    if (ratio < 4.5) complaints.push(`contrast ${ratio.toFixed(2)}: ${named(element)}`);
    if (parseFloat(getComputedStyle(element).fontSize) < 14 && element.tagName !== "IMG") {
      complaints.push(`small text: ${named(element)}`);
    }
  }

  // alternatives, links
  for (const image of document.images) {
    if (!image.hasAttribute("alt")) complaints.push(`no alt: ${image.outerHTML.slice(0, 60)}`);
    if (!image.hasAttribute("width")) complaints.push(`no width: ${image.outerHTML.slice(0, 60)}`);
  }
  for (const link of document.links) {
    if (!shown(link)) continue;
    const name = link.textContent + [...link.querySelectorAll("img")].map((image) => image.alt).join("");
    if (!name.trim()) complaints.push(`a link without a name: ${link.href}`);
    const height = link.getBoundingClientRect().height;
    if (width <= 480 && height < 44) complaints.push(`a link ${height} px tall: ${named(link)}`);
  }
  for (const table of document.querySelectorAll("table")) {
    if (table.getAttribute("role") !== "presentation" && !table.querySelector("th[scope]")) {
      complaints.push("a table that is neither layout nor data with headers");
    }
  }
  return complaints;
})();
