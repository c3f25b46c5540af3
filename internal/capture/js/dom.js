// What a page shows, read in a script world of our own: the page's scripts cannot see or change these functions.
// Coordinates are CSS pixels from the top left of the document unless said otherwise.
const arsring = {};
(() => {
  'use strict';
  const A = arsring;
  let rootCache = null, rootCount = -1;
  const scrollX0 = () => window.scrollX, scrollY0 = () => window.scrollY;

  A.css = (el) => el.ownerDocument.defaultView.getComputedStyle(el);
  A.visible = (el) => !el.checkVisibility || el.checkVisibility({ visibilityProperty: true });
  // shown tells what a person sees: visible, and larger than the specks that scripts leave in a page.
  A.shown = (el) => { const r = el.getBoundingClientRect(); return r.width > 2 && r.height > 2 && A.visible(el); };
  // button is the button that an element stands on; what can be pressed and holds links, buttons or times of its own is none.
  A.holder = (b) => b.localName !== 'button' && !!b.querySelector('a[href],button,[role=button],time,li');
  A.button = (e) => { let b = e.closest('button,[role=button]'); while (b && A.holder(b)) b = b.parentElement && b.parentElement.closest('button,[role=button]'); return b; };
  A.clean = (s) => (s || '').replace(/\s+/g, ' ').trim();
  A.clip = (s, n) => { const c = Array.from(s || ''); return c.length > n ? c.slice(0, n - 1).join('') + '…' : c.join(''); };

  // A form shows its fields under their names, before its own properties: a field called "matches" or "children" hides the form's own. free takes
  // such fields out of their forms, which changes nothing that is seen; pictures of a form lose the name instead.
  const own = (of, name) => { const get = Object.getOwnPropertyDescriptor(of, name).get; return (x) => get.call(x); };
  const formsOf = own(Document.prototype, 'forms'), fieldsOf = own(HTMLFormElement.prototype, 'elements'), find = Element.prototype.querySelectorAll;
  const hides = (e) => (e.id && e.id in HTMLFormElement.prototype) || (e.name && e.name in HTMLFormElement.prototype);
  const freed = new Set();
  A.free = () => {
    for (const doc of rootCache || [document]) {
      const forms = doc.nodeType === 9 ? formsOf(doc) : doc.querySelectorAll('form');
      for (const f of forms) {
        for (const e of Array.from(fieldsOf(f))) if (hides(e)) { freed.add(e.name || e.id); e.setAttribute('form', ''); }
        for (const e of find.call(f, 'img[id],img[name]')) if (hides(e)) { freed.add(e.name || e.id); e.removeAttribute('name'); if (hides(e)) e.removeAttribute('id'); }
      }
    }
  };
  // freed gives the names of what free has taken out since it was last asked.
  A.freed = () => { const out = Array.from(freed).map((n) => A.clip(String(n), 40)); freed.clear(); return out; };

  // children of an element as a person sees them: the open shadow tree instead of the light one, slots filled, frames of the same origin entered.
  A.kids = (node) => {
    const tree = A.shadow(node);
    if (tree) return tree.childNodes;
    if (node.localName === 'slot') {
      const filled = node.assignedNodes();
      if (filled.length) return filled;
    }
    return node.childNodes;
  };
  A.frameBody = (el) => {
    if (el.localName !== 'iframe' && el.localName !== 'frame') return null;
    try { return el.contentDocument && el.contentDocument.body; } catch (e) { return null; }
  };
  A.parent = (el) => el.assignedSlot || el.parentElement || (el.getRootNode() instanceof ShadowRoot ? el.getRootNode().host : null);

  // roots lists every document and open shadow tree, so that selectors reach everywhere.
  A.roots = () => {
    const out = [];
    const visit = (root) => {
      out.push(root);
      for (const el of root.querySelectorAll('*')) {
        const tree = A.shadow(el);
        if (tree) visit(tree);
        const body = A.frameBody(el);
        if (body) visit(body.ownerDocument);
      }
    };
    visit(document);
    return out;
  };
  // treesNow is roots, looked for again only when the number of elements changed anywhere.
  const elements = (roots) => { let n = 0; for (const r of roots) n += r.nodeType === 9 ? r.getElementsByTagName('*').length : r.querySelectorAll('*').length; return n; };
  A.treesNow = () => {
    if (!rootCache || elements(rootCache) !== rootCount) { rootCache = A.roots(); rootCount = elements(rootCache); }
    return rootCache;
  };
  A.elementCount = () => rootCount;
  A.forgetRoots = () => { rootCache = null; };
  A.all = (selector) => {
    const out = [];
    for (const r of A.treesNow()) { try { out.push(...r.querySelectorAll(selector)); } catch (e) { /* a selector from outside may be wrong */ } }
    return out;
  };

  // offset of an element's own document in the top document.
  A.offset = (doc) => {
    let x = 0, y = 0, w = doc.defaultView;
    while (w && w !== window) {
      const f = w.frameElement;
      if (!f) break;
      const r = f.getBoundingClientRect(), s = A.css(f);
      x += r.left + parseFloat(s.borderLeftWidth) + parseFloat(s.paddingLeft);
      y += r.top + parseFloat(s.borderTopWidth) + parseFloat(s.paddingTop);
      w = w.parent;
    }
    return { x: x + scrollX0(), y: y + scrollY0() };
  };
  A.rect = (el) => {
    const r = el.getBoundingClientRect(), o = A.offset(el.ownerDocument);
    return { x: r.left + o.x, y: r.top + o.y, w: r.width, h: r.height };
  };

  A.transform = (text, how) => {
    if (how === 'uppercase') return text.toLocaleUpperCase();
    if (how === 'lowercase') return text.toLocaleLowerCase();
    if (how === 'capitalize') return text.replace(/(^|[^\p{L}\p{N}])(\p{L})/gu, (m, a, b) => a + b.toLocaleUpperCase());
    return text;
  };
  const rtl = /^[^A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

  const skip = new Set(['script', 'style', 'noscript', 'template', 'head', 'title', 'meta', 'link', 'base', 'option', 'datalist']);

  // walk goes through what can be seen between y0 and y1. visit gets (node, ctx); ctx carries offset, clip rectangle and style.
  A.walk = (root, y0, y1, visit) => {
    const go = (node, ctx) => {
      if (node.nodeType === 3) { visit(node, ctx); return; }
      if (node.nodeType !== 1 || skip.has(node.localName)) return;
      const s = A.css(node);
      if (s.display === 'none') return;
      let c = ctx;
      if (s.display !== 'contents') {
        const r = node.getBoundingClientRect();
        const top = r.top + ctx.oy, bottom = top + Math.max(r.height, node.scrollHeight || 0);
        if (r.height > 0 && (bottom < y0 || top > y1) && s.position === 'static') return;
        if (s.visibility === 'visible') { if (visit(node, ctx, r, s) === false) return; }
        if ((s.overflowX !== 'visible' || s.overflowY !== 'visible') && r.width > 0 && node !== document.documentElement && node !== document.body) {
          c = { ...ctx, clip: cut(ctx.clip, { l: r.left + ctx.ox, t: r.top + ctx.oy, r: r.right + ctx.ox, b: r.bottom + ctx.oy }) };
          if (c.clip.r - c.clip.l < 1 || c.clip.b - c.clip.t < 1) return;
        }
      }
      c = { ...c, style: s, parent: node };
      const body = A.frameBody(node);
      if (body) {
        const o = A.offset(body.ownerDocument), r = node.getBoundingClientRect();
        go(body, { ...c, ox: o.x, oy: o.y, clip: cut(c.clip, { l: r.left + ctx.ox, t: r.top + ctx.oy, r: r.right + ctx.ox, b: r.bottom + ctx.oy }) });
        return;
      }
      for (const k of A.kids(node)) go(k, c);
    };
    const cut = (a, b) => ({ l: Math.max(a.l, b.l), t: Math.max(a.t, b.t), r: Math.min(a.r, b.r), b: Math.min(a.b, b.b) });
    if (root) go(root, { ox: scrollX0(), oy: scrollY0(), clip: { l: -1e9, t: -1e9, r: 1e9, b: 1e9 }, style: null, parent: null });
  };

  // lines splits one text node into the lines it is laid out in: [{x, y, w, h, t}].
  A.lines = (node, ctx) => {
    const raw = node.data;
    if (!/\S/.test(raw)) return [];
    const range = node.ownerDocument.createRange();
    range.selectNodeContents(node);
    const rects = range.getClientRects();
    if (!rects.length) return [];
    const how = ctx.style.textTransform;
    const make = (l) => ({ x: l.l + ctx.ox, y: l.t + ctx.oy, w: l.r - l.l, h: l.b - l.t, t: A.clean(A.transform(l.text, how)) });
    // The space that parts a text from its neighbours on the line is a part of its place, and so of its words; one that is not shown is of neither.
    const shown = (from, to) => {
      if (from === to) return '';
      range.setStart(node, from); range.setEnd(node, to);
      return Array.from(range.getClientRects()).some((r) => r.width > 0.5) ? ' ' : '';
    };
    const spaced = (list) => {
      const first = list[0], last = list[list.length - 1];
      if (first && first.t) first.t = shown(0, raw.search(/\S/)) + first.t;
      if (last && last.t) last.t += shown(raw.trimEnd().length, raw.length);
      return list;
    };
    if (rects.length === 1) {
      const r = rects[0];
      return spaced([make({ l: r.left, t: r.top, r: r.right, b: r.bottom, text: raw })]);
    }
    const out = [];
    let line = null;
    const add = (from, to) => {
      range.setStart(node, from); range.setEnd(node, to);
      const rs = range.getClientRects();
      if (!rs.length) { if (line) line.text += raw.slice(from, to); return true; }
      if (rs.length > 1 && to - from > 1 && rs[rs.length - 1].top - rs[0].top > rs[0].height / 2) return false;
      let l = Infinity, t = Infinity, r = -Infinity, b = -Infinity;
      for (const q of rs) { l = Math.min(l, q.left); t = Math.min(t, q.top); r = Math.max(r, q.right); b = Math.max(b, q.bottom); }
      if (line && Math.abs(t - line.t) < (b - t) / 2) {
        line.l = Math.min(line.l, l); line.r = Math.max(line.r, r); line.b = Math.max(line.b, b); line.text += raw.slice(from, to);
      } else {
        line = { l, t, r, b, text: raw.slice(from, to) };
        out.push(line);
      }
      return true;
    };
    const words = /\S+\s*|\s+/g;
    for (let m; (m = words.exec(raw));) {
      const end = m.index + m[0].length;
      if (add(m.index, end)) continue;
      for (let i = m.index; i < end;) { // one word over several lines: character by character
        const n = raw.codePointAt(i) > 0xffff ? 2 : 1;
        add(i, Math.min(i + n, end));
        i += n;
      }
    }
    return spaced(out.map(make));
  };

  A.name = (el) => A.clip(A.clean(el.getAttribute('aria-label') || el.innerText || (el.querySelector('img[alt]') || {}).alt || el.title || ''), 300);
  const atoms = new Set(['img', 'video', 'canvas', 'svg', 'button', 'input', 'textarea', 'select', 'audio', 'hr', 'picture']);

  // region reads everything that a person sees between y0 and y1: texts, links, and things that must not be cut.
  A.region = (y0, y1) => {
    const out = { texts: [], links: [], atoms: [], heads: [], height: A.height() };
    A.walk(document.body || document.documentElement, y0, y1, (node, ctx, r, s) => {
      if (node.nodeType === 3) {
        if (!ctx.style || ctx.style.visibility !== 'visible') return;
        for (const l of A.lines(node, ctx)) {
          if (!l.t || l.w <= 0 || l.h <= 0 || l.y + l.h <= y0 || l.y >= y1) continue;
          const cx = l.x + l.w / 2, cy = l.y + l.h / 2, c = ctx.clip;
          if (cx < c.l || cx > c.r || cy < c.t || cy > c.b) continue;
          if (rtl.test(l.t)) l.rtl = true;
          out.texts.push(l);
        }
        return;
      }
      const y = r.top + ctx.oy, h = r.height;
      if (y + h <= y0 || y >= y1 || r.width < 1) return;
      const box = { x: r.left + ctx.ox, y, w: r.width, h };
      if (node.localName === 'a' && node.href) {
        const url = typeof node.href === 'string' ? node.href : (node.href.baseVal || '');
        if (/^(https?|mailto|tel):/i.test(url) && url.length <= 2000) {
          const name = A.name(node) || url;
          const rs = Array.from(node.getClientRects()).filter((q) => q.width > 0 && q.height > 0).slice(0, 8);
          for (const q of rs) out.links.push({ x: q.left + ctx.ox, y: q.top + ctx.oy, w: q.width, h: q.height, url, text: name });
        }
      }
      if (atoms.has(node.localName)) { out.atoms.push(box); if (node.localName === 'svg') return false; }
      if (/^h[1-6]$/.test(node.localName)) out.heads.push({ ...box, t: A.clip(A.clean(node.innerText), 120) });
    });
    return out;
  };

  // What a zoomed body says of its own height is in its own pixels.
  A.height = () => Math.ceil(Math.max(document.documentElement ? document.documentElement.scrollHeight : 0, document.body ? document.body.scrollHeight * (document.body.currentCSSZoom || 1) : 0));
  // A page that snaps to its sections would be somewhere else than where it was scrolled to.
  A.scrollTo = (y, x) => {
    for (const e of [document.documentElement, document.body]) if (e && A.css(e).scrollSnapType !== 'none') e.style.setProperty('scroll-snap-type', 'none', 'important');
    window.scrollTo({ top: y, left: x || 0, behavior: 'instant' });
    return window.scrollY;
  };

  // width is how far to the right something is seen, in a page that can be scrolled there; 0 where the window shows all of its width.
  A.width = () => {
    const html = document.documentElement, least = innerWidth + 40;
    if (!html || html.scrollWidth < least || [html, document.body].some((e) => e && /hidden|clip/.test(A.css(e).overflowX))) return 0;
    const g = A.region(0, A.height()), right = [...g.texts, ...g.atoms].reduce((most, b) => Math.max(most, b.x + b.w), 0);
    return right < least ? 0 : Math.min(html.scrollWidth, Math.ceil(right));
  };

  // settled waits until pictures in the window are decoded and fonts are there; it returns how many pictures are still missing.
  A.settled = async (limit) => {
    const until = performance.now() + limit;
    const left = () => Math.max(1, until - performance.now());
    const within = (p, ms) => Promise.race([p, new Promise((r) => setTimeout(r, ms))]);
    const inView = (i) => { const r = i.getBoundingClientRect(); return r.width > 1 && r.height > 1 && r.bottom > -50 && r.top < innerHeight + 50 && A.visible(i); };
    if (document.fonts && document.fonts.status !== 'loaded') await within(document.fonts.ready, left());
    let pending = [];
    for (;;) {
      pending = A.all('img').filter((i) => !i.complete && (i.loading !== 'lazy' || inView(i)) && inView(i));
      if (!pending.length || performance.now() > until) break;
      await within(Promise.race(pending.map((i) => new Promise((r) => { i.addEventListener('load', r, { once: true }); i.addEventListener('error', r, { once: true }); }))), Math.min(left(), 250));
    }
    const fresh = A.all('img').filter((i) => i.complete && i.naturalWidth && !A.decoded.has(i) && inView(i)).slice(0, 300);
    for (const i of fresh) A.decoded.add(i);
    if (fresh.length) await within(Promise.allSettled(fresh.map((i) => i.decode())), left());
    return pending.length;
  };
  A.decoded = new WeakSet();
  // finish brings what moves once, as parts of a page do that come into view, to its end: it is not photographed half way.
  A.finish = async (limit) => {
    const end = performance.now() + limit, inView = (e) => { const r = e.getBoundingClientRect(); return r.bottom > 0 && r.top < innerHeight && r.width > 1; };
    // What follows from being in view begins with a picture, for which a busy machine takes its time.
    const drawn = () => new Promise((r) => { setTimeout(r, limit); requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(r, 0))); });
    await drawn();
    let ended = 0;
    for (let before = ''; ;) {
      for (const r of A.treesNow()) {
        for (const a of r.getAnimations()) {
          if (a.playState === 'running' && a.timeline && !('axis' in a.timeline) && a.effect.getComputedTiming().endTime < 10000) { a.finish(); ended++; }
        }
      }
      const dim = A.all('[style*=opacity]').slice(0, 500).filter((e) => { const o = +A.css(e).opacity; return o > 0 && o < 1 && inView(e); }).map((e) => e.style.opacity).join();
      if (dim === before || performance.now() > end) return ended ? drawn() : null;
      before = dim;
      await new Promise((r) => setTimeout(r, 60));
    }
  };
  // painted resolves when what the document says now has been drawn.
  A.painted = () => new Promise((r) => { const t = setTimeout(r, 300); requestAnimationFrame(() => requestAnimationFrame(() => { clearTimeout(t); r(); })); });

  // signature tells the layout of what stands first, to see whether it depends on the window's height.
  A.signature = (most) => {
    const out = [];
    for (const el of document.querySelectorAll('body *')) {
      if (out.length >= most) break;
      const r = el.getBoundingClientRect();
      if (r.width < 2 || r.height < 2) continue;
      const p = A.css(el).position;
      if (p === 'fixed' || p === 'sticky') continue;
      out.push([Math.round(r.top + window.scrollY), Math.round(r.height)]);
    }
    return out;
  };

  A.content = () => {
    const text = A.clean(document.body ? document.body.innerText : '');
    let media = 0;
    for (const el of A.all('img,video,canvas,svg,iframe,frame,embed,object,picture')) {
      const r = el.getBoundingClientRect();
      if (r.width > 15 && r.height > 15 && A.visible(el) && !(el.localName === 'img' && el.complete && !el.naturalWidth)) media++;
    }
    if (!text && !media) media = A.all('body,body *').slice(0, 500).filter((el) => { const r = el.getBoundingClientRect(); return r.width > 99 && r.height > 99 && A.visible(el) && /url\(/.test(A.css(el).backgroundImage); }).length;
    let shadow = 0;
    if (!text) for (const r of A.roots()) if (r instanceof ShadowRoot) shadow += A.clean(r.textContent).length;
    return { chars: text.length + shadow, media, elements: document.getElementsByTagName('*').length, scripts: document.scripts.length, broken: !!document.querySelector('parsererror'), refresh: A.refresh() };
  };

  // unfinished says that a page with scripts shows so little that more may come by itself: 'little', or 'busy' where it says so.
  A.spinners = '[aria-busy=true],[role=progressbar],[class*=spinner i],[class*=loading i],[class*=loader i]';
  // spins tells of an element that looks like a sign of loading whether it is one: a bar that shows how far something has come is content, and so are several.
  A.spins = (e) => e.getAttribute('aria-busy') === 'true' || (e.getAttribute('role') === 'progressbar'
    ? !e.hasAttribute('aria-valuenow') && !e.hasAttribute('aria-valuetext') && document.querySelectorAll('[role=progressbar]').length < 3 : !/^(?:img|picture|video|iframe)$/.test(e.localName));
  // bones are the grey shapes that stand for what is still to come: drawn where nothing is said, or moving.
  const bones = (e) => {
    if (A.clean(e.innerText)) return false;
    const s = A.css(e), moves = (x) => ['', '::before', '::after'].some((p) => getComputedStyle(x, p).animationName !== 'none');
    return s.backgroundImage !== 'none' || !/^(?:transparent|rgba\(.*, 0\))$/.test(s.backgroundColor) || [e, ...e.querySelectorAll('*')].slice(0, 20).some(moves);
  };
  A.loading = /^(?:laddar|läser in|hämtar|loading|please wait|vänta|laster|henter|indlæser|ladataan|haetaan)(?:$|[\s….])/i;
  A.unfinished = () => {
    if (!document.body || !document.scripts.length) return '';
    const text = A.clean(document.body.innerText);
    const seen = (e) => { const r = e.getBoundingClientRect(); return r.width > 3 && r.height > 3 && r.top < innerHeight && A.visible(e); };
    // A line that says so in a few words and goes on with dots stands for what is still to come.
    const waits = () => Array.from(document.body.querySelectorAll('*')).slice(0, 3000).some((e) => !e.childElementCount && e.textContent.length < 60 && /^\S+(?:\s\S+){0,2}(?:…|\.\.\.)$/.test(A.clean(e.textContent)) && A.loading.test(A.clean(e.textContent)) && seen(e));
    if (text.length < 3000 && (A.loading.test(text) || waits() || A.all(A.spinners).slice(0, 200).some((e) => e !== document.body && seen(e) && A.spins(e) && A.clean(e.innerText).length < 60) || A.all('[class*=skeleton i]').slice(0, 200).some((e) => seen(e) && bones(e)))) return 'busy';
    if (A.all('input[type=password]').some((e) => A.visible(e))) return '';
    return text.length < 600 || A.height() <= innerHeight * 1.02 ? 'little' : '';
  };

  // refresh is the ms after which the page says that another page takes its place; 0 when it says nothing of the kind.
  A.refresh = () => {
    for (const m of document.querySelectorAll('meta[http-equiv="refresh" i]')) {
      const parts = /^\s*(\d+(?:\.\d+)?)\s*[;,]?\s*(?:url\s*=)?\s*['"]?([^'"]*)/i.exec(m.content || '');
      if (!parts || !parts[2].trim()) continue;
      try {
        if (new URL(parts[2].trim(), document.baseURI).href.split('#')[0] !== location.href.split('#')[0]) return Math.max(1, Math.round(parseFloat(parts[1]) * 1000));
      } catch { /* no address */ }
    }
    return 0;
  };
})();
