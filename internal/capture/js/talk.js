// Comments that a list of posts shows in a dialog over the page.
(() => {
  'use strict';
  const A = arsring;

  const close = /^(?:stäng|close|lukk|luk|sulje|avbryt|dismiss|cancel|[×✕✖⨯xX])(?=$|\s)/iu; // of what was opened here, whatever else the button says
  // panel is what lies over the page with comments in it and is not marked up as a dialog. It is known by the first one that was opened.
  let kind = null;
  const panels = () => A.layers().list.map((o) => o.el).filter((el) => /fixed|absolute/.test(A.css(el).position) && A.extent(el).w > 200 && A.extent(el).h > 200 && A.marks(el).length > 0);
  const alike = (el) => kind && el.localName === kind.name && el.className === kind.cls && A.visible(el);
  A.talkPanel = () => (kind ? panels().find(alike) || null : null);
  const dialogs = () => A.all('dialog[open],[role=dialog],[aria-modal=true],[popover]').filter((d) => A.visible(d) && d.getBoundingClientRect().height > 40);
  const open = () => { const d = A.postDialog(); return d && A.visible(d) ? d : null; };
  // standing is what lay over the page before anything that promises comments was pressed.
  let standing = null;
  A.talkBefore = () => { standing = standing || new Set([...dialogs(), ...panels()]); };
  const keys = new Set(), barren = new Set();
  // talks lists the keys of the posts whose comments open in a dialog: one was seen to, or nothing came of the press on a page where others do.
  A.talks = () => (keys.size ? Array.from(new Set([...keys, ...barren])) : []);
  // talkOpened is asked after such a press: a dialog that came is noted and closed, to be read later. It reports whether one came.
  A.talkOpened = async (post, gained) => {
    const over = (gained ? dialogs() : [...dialogs(), ...panels()]).filter((x) => !standing.has(x) && !A.inside(post, x) && A.marks(x).length > 0);
    // One that came and stayed empty may have been asked for something else meanwhile: it is opened again, alone.
    const empty = over.length || gained ? [] : dialogs().filter((x) => !standing.has(x) && !A.inside(post, x));
    if (!over.length && !gained) (empty.length ? keys : barren).add(A.key(post));
    for (const d of empty) await shut(d);
    for (const d of over) {
      if (!d.matches('dialog,[role=dialog],[aria-modal=true]')) kind = { name: d.localName, cls: d.className };
      keys.add(A.key(post));
      await shut(d);
    }
    return over.length > 0;
  };
  // shut closes what lies over the page, and reports whether it did.
  const shut = async (d) => {
    for (let n = 0; n < 3 && d.isConnected && A.visible(d); n++) {
      const b = n === 0 && A.within(d, 'button,[role=button],a').filter((x) => close.test(A.label(x)) && !(x.localName === 'a' && !A.pressable(x))).sort((x, y) => x.getBoundingClientRect().top - y.getBoundingClientRect().top)[0];
      if (b) b.click();
      else if (d.localName === 'dialog') d.close();
      else if (d.matches(':popover-open')) d.hidePopover();
      else A.stroke('Escape', 27);
      for (const end = performance.now() + 600; performance.now() < end && d.isConnected && A.visible(d);) await new Promise((r) => setTimeout(r, 10));
    }
    return !(d.isConnected && A.visible(d));
  };
  // talkClose closes the dialog that stands open.
  A.talkClose = async () => { A.visitReclip(); for (let n = 0, d; (d = open()) && n < 3; n++) if (!(await shut(d))) return false; return !open(); };
  // talkOpen presses what promises comments in the post with this key, and waits until its dialog has come to rest.
  A.talkOpen = async (key, limit) => {
    const post = A.find().find((e) => A.key(e) === key);
    if (!post || !(await A.talkClose())) return false;
    const b = A.talkButton(post);
    if (!b) return false;
    b.scrollIntoView({ block: 'center', behavior: 'instant' });
    b.click();
    return (await A.dialogReady('', limit)) !== '' && !A.inside(post, A.postDialog());
  };
})();
