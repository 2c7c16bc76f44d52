// Compares documents by their computed styles. `judge.load` takes groups of documents: the first of each
// group is the truth, the others are compared with it. Everything runs in frames without scripts.
window.judge = (() => {
  const BASE = `color background-color background-image background-repeat background-position-x
    background-position-y background-size background-attachment border-top-width border-right-width
    border-bottom-width border-left-width border-top-style border-right-style border-bottom-style
    border-left-style border-top-color border-right-color border-bottom-color border-left-color
    border-top-left-radius border-bottom-right-radius border-collapse border-spacing margin-top margin-right
    margin-bottom margin-left padding-top padding-right padding-bottom padding-left width height min-width
    max-width min-height max-height display float clear position top left overflow-x overflow-y visibility
    opacity font-family font-size font-style font-weight font-variant-caps line-height letter-spacing
    word-spacing text-align text-decoration-line text-decoration-style text-decoration-color text-transform
    text-indent vertical-align white-space-collapse text-wrap-mode word-break overflow-wrap list-style-type
    list-style-position list-style-image table-layout caption-side box-sizing box-shadow direction
    color-scheme z-index outline-style text-size-adjust cursor`.split(/\s+/);
  const LEFT_OUT = new Set(["HEAD", "STYLE", "TITLE", "META", "LINK", "BASE", "SCRIPT", "NOSCRIPT"]);
  // a state is forced by an attribute that weighs what the pseudo-class weighs
  const STATES = { hover: "jh", active: "ja", focus: "jf", visited: "jv", link: "jl" };
  const WORD = /(?<!\\):(hover|active|focus|visited|link)(?![-\w])/g;
  const PSEUDO = /(?<!\\)::?(before|after|first-letter|first-line|marker|placeholder)(?![-\w])/g;
  let groups = [];
  const pool = [];

  // each document gets a frame of its own: one that is written anew keeps the colour scheme of the last
  const frame = () => {
    const made = document.createElement("iframe");
    made.setAttribute("sandbox", "allow-same-origin");
    made.style.cssText = "width:800px;height:900px;border:0;display:block";
    document.body.append(made);
    pool.push(made);
    return made;
  };

  const rules = function* (list) {
    for (const rule of list || []) {
      yield rule;
      if (rule.cssRules) yield* rules(rule.cssRules);
    }
  };

  const path = (element) => {
    const names = [];
    for (let at = element; at && names.length < 4; at = at.parentElement) {
      const same = at.parentElement ? [...at.parentElement.children].filter((e) => e.tagName === at.tagName) : [];
      const nth = same.length > 1 ? `:nth-of-type(${same.indexOf(at) + 1})` : "";
      const classes = at.getAttribute("class") ? "." + at.getAttribute("class").trim().split(/\s+/).join(".") : "";
      names.unshift(at.tagName.toLowerCase() + (at.id ? "#" + at.id : "") + classes + nth);
    }
    return names.join(" > ");
  };

  const open = async (html) => {
    const box = frame();
    const loaded = new Promise((resolve) => (box.onload = resolve));
    const doc = box.contentDocument;
    doc.open();
    doc.write(html);
    doc.close();
    if (doc.readyState !== "complete") await Promise.race([loaded, new Promise((r) => setTimeout(r, 5000))]);
    const elements = [...doc.querySelectorAll("*")].filter(
      (e) => !LEFT_OUT.has(e.tagName) && !(e.parentElement && e.parentElement.tagName === "HEAD"));
    const named = new Set(), pseudos = new Set();
    let all = false;
    for (const sheet of doc.styleSheets) {
      let list = [];
      try { list = sheet.cssRules; } catch { continue; }
      for (const rule of rules(list)) {
        if (rule.selectorText) {
          for (const [, name] of rule.selectorText.matchAll(PSEUDO)) pseudos.add("::" + name);
          const forced = rule.selectorText.replace(WORD, (_, state) => `[${STATES[state]}]`);
          if (forced !== rule.selectorText) rule.selectorText = forced;
        }
        for (const name of rule.style || []) named.add(name);
        if (rule.style && rule.style.getPropertyValue("all")) all = true;
      }
    }
    for (const element of elements) for (const name of element.style || []) named.add(name);
    return { box, doc, elements, named, pseudos, all, tags: elements.map((e) => e.tagName).join(" ") };
  };

  const force = (one, state) => {
    const on = new Set(state === "active" ? ["hover", "active", "focus"] : [state]);
    const root = one.doc.documentElement;
    for (const element of one.elements) {
      const link = (element.tagName === "A" || element.tagName === "AREA") && element.hasAttribute("href");
      for (const [name, attribute] of Object.entries(STATES)) {
        const set = name === "link" ? link && state !== "visited"
          : name === "visited" ? link && on.has(name) : on.has(name);
        if (set !== element.hasAttribute(attribute)) element.toggleAttribute(attribute, set);
      }
    }
    if ((state === "client") !== !!one.client) {
      if (state === "client") {
        // what mail clients put around a mail: ids, classes, attributes of ancestors, a <u> before the body
        one.client = { id: root.getAttribute("id"), names: root.getAttribute("class"), u: one.doc.createElement("u") };
        root.id = "outlook";
        root.classList.add("ExternalClass", "gmail_quote");
        root.setAttribute("data-ogsc", "");
        root.setAttribute("data-ogsb", "");
        root.insertBefore(one.client.u, one.doc.body);
      } else {
        one.client.u.remove();
        for (const name of ["data-ogsc", "data-ogsb"]) root.removeAttribute(name);
        const back = (name, value) => (value === null ? root.removeAttribute(name) : root.setAttribute(name, value));
        back("id", one.client.id);
        back("class", one.client.names);
        one.client = null;
      }
    }
    if (one.pseudos.has("::first-line")) {
      // Chromium keeps the first lines of children as they were in the state before: have it make all boxes anew
      const was = root.getAttribute("style");
      root.style.setProperty("display", "none", "important");
      void root.offsetHeight;
      if (was === null) root.removeAttribute("style");
      else root.setAttribute("style", was);
    }
  };

  // in `(prefers-color-scheme: dark) and (max-width: 500px)` Chromium looks at the width only where the scheme
  // holds, so a frame whose styles were last made in light does not know that its width matters
  const fresh = (box) => {
    void box.contentWindow.innerWidth;
    for (const element of box.contentDocument.querySelectorAll("*")) void box.contentWindow.getComputedStyle(element).color;
  };

  const read = (one, properties, pseudos) => {
    const view = one.box.contentWindow, out = [];
    for (const element of one.elements) {
      for (const pseudo of pseudos) {
        const style = view.getComputedStyle(element, pseudo);
        if ((pseudo === "::before" || pseudo === "::after") && style.content === "none") { out.push(""); continue; }
        const values = pseudo ? [style.content] : [];
        for (const name of properties) values.push(style.getPropertyValue(name));
        out.push(values.join("\u0001"));
      }
    }
    return out;
  };

  const told = (truth, other, properties, pseudos, at, before, after) => {
    const element = truth.elements[Math.floor(at / pseudos.length)], pseudo = pseudos[at % pseudos.length];
    const names = pseudo ? ["content", ...properties] : properties;
    const one = before.split("\u0001"), two = after.split("\u0001");
    return names.flatMap((name, n) => one[n] === two[n] ? [] :
      [{ element: Math.floor(at / pseudos.length), path: path(element) + pseudo, property: name, before: one[n] ?? "", after: two[n] ?? "" }]);
  };

  return {
    async load(documents) {
      for (const box of pool.splice(0)) box.remove();
      groups = await Promise.all(documents.map((group) => Promise.all(group.map(open))));
    },
    // a scheme reaches the frames a little later than the page
    async settled(scheme) {
      const asked = "(prefers-color-scheme: dark)", dark = scheme === "dark";
      for (let tries = 0; tries < 200; tries++) {
        if (pool.every((box) => box.contentWindow.matchMedia(asked).matches === dark)) return pool.forEach(fresh);
        await new Promise((r) => setTimeout(r, 25));
      }
      throw new Error(`a frame does not take the colour scheme ${scheme}`);
    },
    // the differences of each group's others, at one width and in one state; each group has its own states
    compare(width, asked) {
      return groups.map(([truth, ...others], number) => {
        const states = asked[number] || [];
        return others.map((other) => {
          if (!states.length) return [];
          if (truth.tags !== other.tags) {
            return [{ state: states[0], element: 0, path: "html", property: "(elements)", before: truth.tags, after: other.tags }];
          }
          return [];
        }).map((found, index) => {
          const other = others[index];
          if (found.length || !states.length) return found;
          const all = truth.all || other.all;
          const names = new Set([...BASE, ...truth.named, ...other.named].filter((n) => !n.startsWith("--") && n !== "all"));
          if (all) for (const name of getComputedStyle(document.body)) names.add(name);
          const properties = [...names], pseudos = ["", ...new Set([...truth.pseudos, ...other.pseudos])];
          truth.box.style.width = other.box.style.width = `${width}px`;
          fresh(truth.box), fresh(other.box);
          for (const state of states) {
            const one = (force(truth, state), read(truth, properties, pseudos));
            const two = (force(other, state), read(other, properties, pseudos));
            one.forEach((text, at) => {
              if (text !== two[at] && found.length < 400) {
                found.push(...told(truth, other, properties, pseudos, at, text, two[at]).map((d) => ({ state, ...d })));
              }
            });
          }
          return found;
        });
      });
    },
  };
})();
