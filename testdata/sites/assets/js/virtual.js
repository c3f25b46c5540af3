// A timeline that keeps only what is near the window in the document: cells lie at absolute places, what is scrolled past is taken out and
// put back when the reader returns.
(() => {
  const { C, S, $, all, ask, build, dress } = window.FEED;
  if (C.mode !== 'virtual') return;
  const list = $(S.list), end = $(S.end), GUESS = 320, OVER = 500;
  const cells = [];
  let next = 0, busy = false, over = false, queued = false;

  const sizes = new ResizeObserver(es => {
    let moved = false;
    es.forEach(e => {
      const cell = e.target.cell, h = e.target.offsetHeight;
      if (cell && cell.node && e.target.isConnected && h && h !== cell.h) { cell.h = h; moved = true; }
    });
    if (moved) schedule();
  });
  const mount = cell => {
    if (!cell.node) {
      const node = document.createElement('div');
      node.className = C.cellClass || 'cell';
      if (C.cellTest) node.setAttribute('data-testid', C.cellTest);
      node.style.cssText = 'position:absolute;width:100%;left:0;top:0';
      node.append(...dress(build(cell.html)));
      node.cell = cell;
      cell.node = node;
    }
    if (!cell.node.isConnected) { list.append(cell.node); sizes.observe(cell.node); }
  };
  const drop = cell => {
    if (!cell.node || !cell.node.isConnected) return;
    sizes.unobserve(cell.node);
    cell.node.remove();
    if (C.forgets) cell.node = null;
  };
  const layout = () => {
    queued = false;
    const top = -list.getBoundingClientRect().top - OVER, bottom = top + innerHeight + 2 * OVER;
    let y = 0, again = false;
    for (const cell of cells) {
      if (y + cell.h >= top && y <= bottom) {
        mount(cell);
        const h = cell.node.offsetHeight;
        if (h && h !== cell.h) { cell.h = h; again = true; }
        cell.node.style.transform = `translateY(${y}px)`;
      } else drop(cell);
      y += cell.h;
    }
    list.style.minHeight = `${y}px`;
    if (again) schedule();
    if (!over && bottom > y - innerHeight * 0.5) load();
  };
  const schedule = () => { if (!queued) { queued = true; requestAnimationFrame(layout); } };
  async function load() {
    if (busy || over) return;
    busy = true;
    end && end.classList.add('loading');
    try {
      const r = await ask('batch', { from: next, load: C.load });
      r.items.forEach(html => cells.push({ html, h: GUESS, node: null }));
      next = r.next;
      over = !r.more;
    } catch (err) {
      busy = false;
      const b = $(S.retry);
      if (b) b.hidden = false; else setTimeout(load, 700);
      return;
    }
    busy = false;
    end && end.classList.remove('loading');
    if (over && end) end.classList.add('over');
    schedule();
  }
  const b = $(S.retry);
  if (b) b.addEventListener('click', () => { b.hidden = true; load(); });
  addEventListener('scroll', schedule, { passive: true });
  addEventListener('resize', schedule);
  load();
})();
