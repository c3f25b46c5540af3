// What lies over the whole page and is neither a login, an age question nor a captcha that we know, nor anything that a visitor may close: it is set
// aside so that the page can be read, and said to have been there.
(() => {
  'use strict';
  const A = arsring;
  const { shown } = A;
  // painted says that a layer, or a large part of it, hides what lies below.
  const painted = (el) => [el, ...A.deep(el, '*').slice(0, 60)].some((e) => {
    const s = A.css(e), r = e.getBoundingClientRect();
    if (r.width * r.height < innerWidth * innerHeight * 0.35) return false;
    const alpha = /rgba\(.*,\s*([\d.]+)\)$/.exec(s.backgroundColor);
    return s.backgroundImage !== 'none' || (alpha ? +alpha[1] >= 0.2 : s.backgroundColor !== 'transparent') || /blur/.test(s.backdropFilter || '');
  });
  const blurred = () => Array.from(document.body.children).some((e) => /blur/.test(A.css(e).filter) && e.getBoundingClientRect().height > innerHeight * 0.5);
  // veiled says that a layer without words lies between the page and what lies over it, or that the page is blurred.
  A.veiled = (o, list) => list.some((v) => v !== o && v.cover > 0.7 && !A.inside(o.el, v.el) && painted(v.el) && !A.words(v.el)) || blurred();
  // atop says that a layer is what a visitor meets in the middle of it.
  const atop = (el) => {
    const r = el.getBoundingClientRect(), seen = r.width > 1 && r.height > 1 ? r : { left: 0, right: innerWidth, top: 0, bottom: innerHeight };
    const x = (Math.max(0, seen.left) + Math.min(innerWidth, seen.right)) / 2, y = (Math.max(0, seen.top) + Math.min(innerHeight, seen.bottom)) / 2;
    return [0, 0.2, -0.2].some((d) => { const e = document.elementFromPoint(x, y + d * Math.min(innerHeight, r.height)); return e && e !== document.body && e !== document.documentElement && (A.inside(e, el) || e !== el && A.inside(el, e) && !e.querySelector('main,article')); });
  };
  // over says that a layer lies on something: on text of the page, where it is fixed on any, else on what stands where it stands.
  const over = (el) => {
    const box = el.getBoundingClientRect(), fixed = A.css(el).position === 'fixed' || A.isModal(el) || !box.width;
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
    let met = 0;
    for (let n = walk.nextNode(), k = 0; n && k < 3000 && met < 60; n = walk.nextNode(), k++) {
      const t = n.data.trim();
      if (t.length < 3 || el.contains(n) || !n.parentElement || /^(?:script|style|noscript|template)$/.test(n.parentElement.localName) || !A.visible(n.parentElement)) continue;
      range.selectNodeContents(n);
      const r = range.getBoundingClientRect();
      if (r.width > 2 && (fixed || r.left < box.right && r.right > box.left && r.top < box.bottom && r.bottom > box.top)) met += t.length;
    }
    return met >= 60;
  };
  // tongues are what languages call themselves.
  let tongues = null;
  const tongue = (label) => {
    if (!tongues) tongues = new Map([['norsk', 'nb'], ...'sv en nb nn da fi is de fr es pt it nl pl cs sk hu ro bg el et lv lt ru uk tr ar fa so ti ku zh ja ko hr sr bs sq se'.split(' ').flatMap((l) => { try { return [[new Intl.DisplayNames([l], { type: 'language' }).of(l).toLocaleLowerCase(), l]]; } catch (e) { return []; } })]);
    return tongues.get(label.toLocaleLowerCase().replace(/^(?:på|in|auf|en|in het|po) /, '')) || '';
  };
  // choice finds, on a page that does nothing but ask in which language its reader wants it, what leads to the best of them: the browser's own come first.
  A.choice = () => {
    const none = { label: '', url: '' };
    if (!document.body || A.find().length) return none;
    const p = A.lone(), acts = p.bare ? A.all('a[href],button,[role=button]').filter((b) => shown(b) && A.label(b) && !b.closest(A.frameParts)) : [];
    const ways = acts.map((b) => ({ b, lang: tongue(A.label(b)) || (A.label(b).length < 30 && (b.hreflang || b.lang) || '').slice(0, 2).toLowerCase() })).filter((w) => w.lang);
    if (ways.length < 2 || ways.length > 30 || acts.length > ways.length + 2 || new Set(ways.map((w) => w.lang)).size < 2 || p.main > 200 + 40 * ways.length) return none;
    const wanted = [...navigator.languages.map((l) => l.slice(0, 2)), 'sv', 'en'], best = wanted.map((l) => ways.find((w) => w.lang === l)).find(Boolean) || ways[0];
    const a = best.b.closest('a[href]'), url = a && /^https?:/i.test(a.href) && a.href.split('#')[0] !== location.href.split('#')[0] ? a.href : '';
    if (url && a.host !== location.host || !url && !A.safe(best.b)) return none;
    if (!url) A.press(best.b);
    return { label: A.label(best.b), url };
  };
  // harmless tells what a visitor meets on any page: a question about cookies, a letter of news to order, a choice of language.
  const harmless = (el, t) => {
    if (A.consentAbout.test(t) && t.length < 3000) return true;
    const fields = A.deep(el, 'input:not([type=hidden]):not([type=checkbox]):not([type=radio]):not([type=submit]):not([type=button])').filter(shown);
    if (fields.length && fields.length < 4 && fields.some((f) => f.type === 'email' || /e-?mail|e-?post|courriel|correo|sähköposti|newsletter/i.test([f.name, f.id, f.placeholder, f.autocomplete].join(' ')))) return true;
    if (fields.length && fields.every((f) => f.type === 'search')) return true;
    const acts = A.deep(el, 'a,button,[role=button]').filter(shown);
    return acts.filter((b) => tongue(A.label(b)) || b.hreflang).length >= 2 || acts.length > 8;
  };
  const mark = (b) => { const t = A.label(b), r = b.getBoundingClientRect(); return r.width > 5 && r.width < 70 && r.height < 70 && !/[\p{L}\p{N}]/u.test(t); };
  // seenIt is what closes a message that only wants to be read.
  const seenIt = /^(?:ok|okej|okay|jag förstår|förstått|uppfattat|jag har läst(?: (?:det|detta|meddelandet|informationen|allt))?|i have read (?:it|this)|got it|i (?:understand|see)|understood|fortsätt(?: till .{0,25})?|gå vidare|till (?:sidan|webbplatsen|startsidan)|continue(?: to .{0,25})?|jeg forstår|forstått|forstået|videre|fortsett|fortsæt|selvä|ymmärrän|jatka|verstanden|weiter|alles klar|compris|j[’']ai compris|continuer|entendido|de acuerdo|continuar|capito|ho capito|continua|entendi|begrepen|doorgaan|rozumiem|dalej|rozumím|pokračovat|pokračovať|rozumiem|értem|tovább|am înțeles|понятно|продолжить|зрозуміло|tamam|devam|了解|知道了|확인|εντάξει|selge|sapratu|supratau|ég skil)[.!]?$/iu;
  // way is the way out that a layer offers: one in words or by its name, or a small sign without words in its upper part.
  const way = (el) => A.closer(el) || A.deep(el, 'button,[role=button],a').find((b) => shown(b) && seenIt.test(A.label(b)) && A.safe(b)) || A.deep(el, 'button,[role=button]').find((b) => shown(b) && mark(b) && A.safe(b));

  // here is how a layer that offers an app lets its visitor go on without.
  const here = /^(?:(?:nej,? )?(?:fortsätt|stanna(?: kvar)?|läs(?: vidare)?|använd|visa|gå vidare|continue|stay|keep|use|view|read|go|fortsett|fortsæt|bli|bliv|jatka|weiter|bleiben?)(?!\p{L}).{0,25}(?:web|browser|nettleser|selai|mobilsid|mobile site))/iu;
  // toPage leaves what lies over the page by the way that it offers to those who want the page; it returns what it pressed.
  A.toPage = async () => {
    const { list, blocked } = A.layers(), out = [];
    if (!list.length) return out;
    const locked = A.locked();
    for (const o of list) {
      if (!A.overPage(o, blocked, locked, list) || o.el.querySelector('article,[role=article]')) continue;
      const l = A.loginish(o.el), t = A.words(o.el);
      if (l.pw || t.length > 1500 || A.consentAbout.test(t)) continue;
      const b = A.deep(o.el, 'button,[role=button],a').find((e) => shown(e) && here.test(A.label(e)) && A.safe(e)) || locked && !l.act && way(o.el);
      if (!b) continue;
      out.push(A.label(b) || 'knapp utan namn');
      A.press(b);
      await A.gone(o.el);
    }
    return out;
  };

  // said is what a layer says; where a frame of another origin says it, that frame's own name.
  const said = (el) => A.words(el) || A.deep(el, 'iframe').filter((f) => { const r = f.getBoundingClientRect(); return shown(f) && !A.frameBody(f) && r.width > 300 && r.height > 150; }).map((f) => 'iframe ' + (f.title || (f.getAttribute('src') || '').split(/[?#]/)[0]).slice(0, 80))[0] || '';

  // covering lists the layers that keep a visitor from the page and offer no way out.
  const covering = () => {
    const { list, blocked } = A.layers();
    if (!list.length) return [];
    const locked = A.locked(), veiled = list.some((o) => (o.cover > 0.5 || o.modal) && painted(o.el));
    return list.filter((o) => {
      if (!A.overPage(o, blocked, locked, list) || o.cover < 0.03 && !o.modal && !o.veiled || !(o.modal || o.veiled || veiled) || !atop(o.el)) return false;
      const t = said(o.el);
      if (t.length < 3 || t.length > 2500 || o.el.querySelector('article,[role=article],form[role=search]') || o.el.matches('nav,header,[role=navigation],[role=banner],[role=menu]')) return false;
      return !harmless(o.el, t) && !way(o.el) && over(o.el);
    });
  };
  // uncover sets aside what covers the page, and returns what it said.
  A.uncover = () => {
    const out = [];
    for (const o of covering()) {
      const text = A.clip(said(o.el), 120);
      for (const d of [o.el, ...A.deep(o.el, 'dialog[open]')]) if (d.localName === 'dialog' && d.open) d.close();
      o.el.style.setProperty('display', 'none', 'important');
      out.push(text);
    }
    if (out.length) {
      for (const o of A.layers().list) if (o.cover > 0.5 && !A.words(o.el) && painted(o.el) && !A.deep(o.el, 'img,video,iframe,canvas').some(shown)) o.el.style.setProperty('display', 'none', 'important');
      if (A.locked() || blurred()) A.unlock();
    }
    return out;
  };
})();
