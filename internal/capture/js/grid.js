// Grids of pictures whose posts are told only when they are opened: the tiles, the dialog they may open in, and posts with several pictures.
(() => {
  'use strict';
  const A = arsring;

  const outside = 'nav,footer,aside,[role=navigation],[role=contentinfo],[role=complementary],[role=dialog],[aria-modal=true],dialog';
  const file = /\.(?:jpe?g|png|gif|webp|avif|svg|pdf|mp4|webm)(?:$|[?#])/i;
  const pinned = /(fäst|nålad|pinned|festet|fastgjort|kiinnitetty)/i;
  const forward = /^(?:nästa|next|neste|næste|seuraava|framåt|fram|forward|›|❯|»|→|>)(?:\s+(?:bild|bilden|image|photo|foto|slide|kuva|sida|inlägg|post|innlegg|opslag|julkaisu))?$/i;
  const back = /^(?:föregående|gå tillbaka|tillbaka|previous|prev|go back|back|forrige|tilbake|tilbage|edellinen|takaisin|‹|❮|«|←|<)(?:\s+(?:bild|bilden|image|photo|foto|slide|kuva|sida|inlägg|post))?$/i;
  const wait = (ms) => new Promise((r) => setTimeout(r, ms));
  const { shown } = A;

  const pictured = (el) => A.within(el, 'img,video,canvas,picture').some((m) => { const r = m.getBoundingClientRect(); return r.width >= 80 && r.height >= 80; }) ||
    [el, ...el.querySelectorAll('*')].slice(0, 12).some((m) => { const r = m.getBoundingClientRect(); return r.width >= 80 && r.height >= 80 && /url\(/.test(A.css(m).backgroundImage); });
  // overlaid tells a link that lies over a picture and does not hold it.
  const overlaid = (el) => {
    const r = el.getBoundingClientRect();
    for (let p = A.parent(el), n = 0; p && n < 4; p = A.parent(p), n++) {
      const q = p.getBoundingClientRect();
      if (Math.abs(q.width - r.width) > 8 || Math.abs(q.height - r.height) > 40) continue;
      if (/url\(/.test(A.css(p).backgroundImage) || Array.from(p.children).some((k) => k.localName === 'img' && k.getBoundingClientRect().width >= 80)) return true;
    }
    return false;
  };
  // face is what a visitor sees of a tile: a link within a line is no taller than its letters, whatever picture stands in it.
  const face = (el) => (A.css(el).display === 'inline' && A.within(el, 'img,video,canvas').find((m) => m.getBoundingClientRect().height >= 80)) || el;
  const letters = (s) => (s || '').replace(/[^\p{L}]+/gu, '').length;
  const depth = (u) => new URL(u).pathname.split('/').filter(Boolean).length;

  let tiles = [], byButton = false; // whether the tiles are no links
  const links = () => A.all('a[href]').filter((a) => /^https?:/i.test(a.href) && a.host === location.host && !file.test(a.href) && a.href.split('#')[0] !== location.href.split('#')[0]);
  const pointed = (e) => A.css(e).cursor === 'pointer';
  const buttons = () => [...A.all('button,[role=button],[tabindex="0"]'), ...A.all('div,li,figure').filter((e) => pointed(e) && !pointed(e.parentElement || document.body) && !e.matches('[role=button],[tabindex="0"]'))].filter((b) => b.localName !== 'a' && !b.closest('form,a[href]'));
  const group = (els) => {
    const groups = new Map();
    for (const el of els) {
      if (el.closest(outside) || !shown(el)) continue;
      const r = face(el).getBoundingClientRect();
      if (r.width < 90 || r.height < 90 || r.width > 700 || letters(el.innerText) > 24 || !(pictured(el) || overlaid(el)) || A.marks(el).length) continue;
      const k = Math.round(r.width / 10) + 'x' + Math.round(r.height / 10);
      if (!groups.has(k)) groups.set(k, []);
      groups.get(k).push(el);
    }
    let best = [];
    for (const g of groups.values()) if (g.length > best.length) best = g;
    return best;
  };
  // tall is how far down the page shows something, which may be less than the window is tall.
  const tall = (g) => Math.min(A.height(), Math.max(400, document.body.getBoundingClientRect().bottom + scrollY, ...g.map((e) => e.getBoundingClientRect().bottom + scrollY)));
  const isGrid = (g, most) => {
    if (g.length < 6) return false;
    const xs = new Map(), area = g.reduce((s, e) => { const r = face(e).getBoundingClientRect(); return s + r.width * r.height; }, 0);
    for (const e of g) { const x = Math.round(e.getBoundingClientRect().left / 8); xs.set(x, (xs.get(x) || 0) + 1); }
    return xs.size >= 2 && Array.from(xs.values()).filter((n) => n >= 2).length >= 2 && area / (innerWidth * tall(g)) >= most;
  };
  // A young account has few pictures: they are known by their addresses, which name a post and number it.
  const postly = /\/(?:p|reels?|tv|videos?|photos?|shorts?|clips?|pin|posts?|status(?:es)?)\/[^/?#]*(?:\d|[A-Z_-])[^/?#]*\/?(?:[?#]|$)/;
  const isFew = (g) => g.length > 0 && g.length < 6 && g.every((a) => postly.test(a.href) && !A.marks(a.closest('article,[role=article]') || a).length);
  // gridLook lists the tiles of a grid that are in the document now, row by row; none where the page is no grid. known is true once it was found to be one.
  A.gridLook = (known) => {
    let g = group(links());
    if (g.length) {
      const d = new Map();
      for (const a of g) d.set(depth(a.href), (d.get(depth(a.href)) || 0) + 1);
      const [usual, n] = Array.from(d.entries()).sort((a, b) => b[1] - a[1])[0];
      if (n * 5 < g.length * 4) g = [];
      else g = g.filter((a) => depth(a.href) === usual);
      if (new Set(g.map((a) => A.cleanURL(a.href))).size < Math.min(6, g.length)) g = [];
    }
    if (!known) byButton = !isGrid(g, 0.12) && !isFew(g);
    if (byButton) { g = group(buttons()); if (!known && !isGrid(g, 0.2)) return []; }
    tiles = g;
    const out = g.map((el, i) => {
      const r = A.rect(face(el)), img = el.querySelector('img');
      const said = Array.from(el.querySelectorAll('[aria-label],title')).map((e) => e.getAttribute('aria-label') || e.textContent).join(' ');
      return { i, url: el.localName === 'a' ? A.cleanURL(el.href) : '', x: r.x, top: r.y, bottom: r.y + r.h, pinned: pinned.test(said), alt: (img && img.alt) || '' };
    });
    return out.sort((a, b) => (Math.abs(a.top - b.top) > 20 ? a.top - b.top : a.x - b.x));
  };
  // gridPress presses a tile, given by its address or, where it has none, by its number.
  A.gridPress = (url, i) => {
    const el = url ? links().find((a) => A.cleanURL(a.href) === url && shown(a) && pictured(a)) : tiles[i];
    if (!el || !el.isConnected) return false;
    el.scrollIntoView({ block: 'center', behavior: 'instant' });
    el.click();
    return true;
  };

  // dialog is what stands open over the page with a post in it.
  A.postDialog = () => A.all('dialog[open],[role=dialog],[aria-modal=true],[popover]').filter((d) => shown(d) && !A.holdsPosts(d) && (A.within(d, 'img,video').some((m) => m.getBoundingClientRect().width > 150) || A.marks(d).length > 0))
    .sort((a, b) => b.getBoundingClientRect().width * b.getBoundingClientRect().height - a.getBoundingClientRect().width * a.getBoundingClientRect().height)[0] || A.talkPanel();
  const print = (d) => (d ? A.hash(A.clean(d.innerText).slice(0, 600) + A.within(d, 'img').map((m) => m.currentSrc || m.src).join('|').slice(0, 2000)) + location.href : '');
  // dialogReady waits until a dialog stands open whose content is another than before; it returns the content's mark, '' when none came.
  A.dialogReady = async (before, limit) => {
    const until = performance.now() + limit;
    let last = '', still = 0;
    while (performance.now() < until) {
      const d = A.postDialog(), p = print(d);
      if (p && p !== before && p === last && !A.busy(d)) { if (++still >= 3) return p; } else still = 0;
      last = p;
      await wait(25);
    }
    return '';
  };
  // dialogNext goes to the dialog's next post: by a button that says so and is no picture's, else by the keyboard.
  A.dialogNext = () => {
    const d = A.postDialog();
    if (!d) return '';
    const b = A.all('button,[role=button],a[href]').find((x) => shown(x) && !x.disabled && forward.test(A.label(x)) && !overPicture(x, d));
    if (b) { b.click(); return A.label(b); }
    A.stroke('ArrowRight', 39);
    return 'ArrowRight';
  };

  const big = (el) => A.within(el, 'img,video').filter((m) => { const r = m.getBoundingClientRect(); return r.width >= 120 && r.height >= 90 && A.visible(m); });
  const overPicture = (b, el) => {
    if (!A.inside(b, el)) return false;
    // What holds the button and a picture, and says nothing, is the picture's: it may have been stretched.
    for (let e = A.parent(b), n = 0; e && e !== el && n < 3 && letters(e.innerText) < 20; e = A.parent(e), n++) if (big(e).length) return true;
    const r = b.getBoundingClientRect(), x = r.left + r.width / 2, y = r.top + r.height / 2;
    return big(el).some((m) => { const q = m.getBoundingClientRect(); return x > q.left - 30 && x < q.right + 30 && y > q.top - 10 && y < q.bottom + 60; });
  };
  const pictures = (el) => big(el).map((m) => {
    const alt = m.getAttribute(m.localName === 'img' ? 'alt' : 'aria-label');
    let url = m.currentSrc || m.src || m.poster || '';
    if (url.startsWith('data:') && url.length > 300) url = 'data:';
    return { kind: m.localName === 'img' ? 'image' : 'video', url, alt: alt || null, w: m.naturalWidth || m.videoWidth || 0, h: m.naturalHeight || m.videoHeight || 0 };
  }).filter((m) => m.url);
  // slides goes through a post's pictures that are shown one at a time, lists them all and returns to the first.
  A.slides = async (el, limit) => {
    const until = performance.now() + limit, out = [], seen = new Set();
    const kids = A.commentsCache.get(el) || [];
    const button = (re) => A.within(el, 'button,[role=button]').find((b) => shown(b) && !b.disabled && b.getAttribute('aria-disabled') !== 'true' && re.test(A.label(b)) && overPicture(b, el) && !kids.some((k) => A.inside(b, k)));
    const take = () => { let fresh = 0; for (const p of pictures(el)) if (!seen.has(p.url)) { seen.add(p.url); out.push(p); fresh++; } return fresh; };
    let n = 0, dry = 0;
    if (!button(forward)) return { pressed: 0, media: [] };
    take();
    for (let b; n < 60 && performance.now() < until && (b = button(forward));) {
      const before = pictures(el).map((p) => p.url).join('|');
      b.click();
      n++;
      const end = Math.min(until, performance.now() + 1500);
      while (performance.now() < end && pictures(el).map((p) => p.url).join('|') === before) await wait(10);
      if (take()) dry = 0;
      else if (++dry >= 2) break; // it goes round
    }
    for (let i = 0, b; i < n && (b = button(back)); i++) { b.click(); await wait(15); }
    return { pressed: n, media: out };
  };
})();
