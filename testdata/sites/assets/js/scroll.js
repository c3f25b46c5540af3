// Batches: by scrolling (IntersectionObserver and scroll events) or by a button, and what a feed may do to its reader meanwhile.
(() => {
  const { C, S, home, $, ask, build, dress } = window.FEED;
  const list = $(S.list);
  if (!list || (C.mode !== 'scroll' && C.mode !== 'button')) return;
  const end = $(S.end);
  const box = C.inner ? list.closest(S.inner) : null;
  let next = C.batch, busy = false, over = false, batches = 0, fresh = 0, walled = false, passed = false;

  const insert = async () => {
    const r = await ask('fresh', { i: fresh });
    if (!r.items.length) return;
    fresh += 1;
    const before = (box || document.scrollingElement).scrollHeight;
    list.prepend(...dress(build(r.items[0])));
    // Browsers anchor the scroll position themselves; inner boxes here do not.
    if (box) box.scrollTop += box.scrollHeight - before;
  };
  const reorder = () => {
    const n = list.children.length, a = (batches * 7 + 3) % n, b = (batches * 3 + 1) % n;
    list.insertBefore(list.children[Math.max(a, b)], list.children[Math.min(a, b)]);
  };
  const retry = () => {
    if (C.fails === 'button') { $(S.retry).hidden = false; return; }
    setTimeout(load, 700);
  };
  const hitWall = () => {
    walled = true;
    if (C.wall === 'redirect') { location.assign(`${C.base}/login?next=${encodeURIComponent(location.pathname)}`); return; }
    const wall = build(document.querySelector('template.wall').innerHTML)[0];
    document.body.append(wall);
    const x = C.wall === 'popup' && $('.' + S.closeName, wall);
    if (x) x.addEventListener('click', () => { wall.remove(); document.body.style.overflow = ''; document.body.classList.remove('locked'); walled = false; passed = true; check(); });
    document.body.style.overflow = 'hidden';
    document.body.classList.add('locked');
  };
  async function load() {
    if (busy || over || walled) return;
    if (C.wall && !passed && list.children.length >= C.wallAfter) { hitWall(); return; }
    busy = true;
    end && end.classList.add('loading');
    try {
      const r = await ask('batch', { from: next, load: C.load, shifted: fresh });
      r.items.forEach(h => list.append(...dress(build(h))));
      next = r.next;
      over = !r.more;
      batches += 1;
      if (C.inserts && batches % 2 === 0) await insert();
      if (C.reorders) reorder();
    } catch (err) { busy = false; retry(); return; } finally { end && end.classList.remove('loading'); }
    busy = false;
    if (over) {
      if (end) { end.classList.add('over'); }
      const b = $(S.load); if (b) b.hidden = true;
      return;
    }
    check();
  }
  const near = () => {
    const view = box ? box.clientHeight : innerHeight;
    const left = box ? box.scrollHeight - box.scrollTop - view : document.documentElement.scrollHeight - scrollY - view;
    return left < Math.max(600, view * 0.6);
  };
  const check = () => { if (C.mode === 'scroll' && near()) load(); };
  window.FEED.load = () => { const r = $(S.retry); if (r) r.hidden = true; load(); };
  if ($(S.retry)) $(S.retry).addEventListener('click', window.FEED.load);
  if (C.hollows) {
    // What is far from the window keeps its place and loses its content, until the reader comes back.
    const kept = new WeakMap();
    const io = new IntersectionObserver(es => es.forEach(e => {
      const el = e.target;
      if (e.isIntersecting && kept.has(el)) { el.append(...kept.get(el)); kept.delete(el); el.style.height = ''; } else if (!e.isIntersecting && !kept.has(el) && el.offsetHeight) {
        el.style.height = `${el.offsetHeight}px`;
        kept.set(el, [...el.childNodes]);
        el.replaceChildren();
      }
    }), { rootMargin: '150% 0px' });
    new MutationObserver(ms => ms.forEach(m => m.addedNodes.forEach(n => n.nodeType === 1 && io.observe(n)))).observe(list, { childList: true });
    [...list.children].forEach(n => io.observe(n));
  }
  dress([...list.children]);
  if (C.mode === 'scroll') {
    (box || window).addEventListener('scroll', check, { passive: true });
    if (end) new IntersectionObserver(es => { if (es.some(e => e.isIntersecting)) check(); }, { root: box, rootMargin: '400px' }).observe(end);
  }
})();
