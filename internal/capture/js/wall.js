// Signs that a page bars the way: a login, a captcha, an age question, a removed account. What every language shares - forms, roles,
// addresses - comes first, phrases second.
(() => {
  'use strict';
  const A = arsring;
  const loginPath = /\/(?:log-?in|sign-?in|inloggning|logga-in|accounts\/login|auth|authwall|checkpoint|session|sso|uas|konto\/logga)(?:[/?#.]|$)/i;
  const loginWord = /^(?:logga in|log in|login|sign in|logg inn|log ind|kirjaudu(?: sisään)?|skapa (?:nytt )?konto|sign up|create (?:new )?account|registrera dig|bli medlem|opprett konto|opret konto|luo tili)\b/i;
  const captcha = /captcha|challenge-platform|turnstile|are you (?:a )?(?:human|robot)|inte en robot|not a robot|verify you are human|bekräfta att du är människa|unusual traffic|ovanlig trafik/i;
  const age = /(åldersgräns|åldersbegräns|bekräfta din ålder|är du över 18|age[- ]restricted|confirm your age|verify your age|18 år eller äldre|18 years or older|aldersgrense|aldersgrænse|ikäraja)/i;
  const gone = /(?:(?:sidan|kontot|innehållet|profilen|inlägget)\b[^.!?]{0,60}(?:finns inte|är inte tillgänglig|är borttage|har tagits bort|kan inte visas|hittades inte|har raderats|stängts av|är avstängt|upphört)|(?:page|account|content|profile|post)\b[^.!?]{0,60}(?:isn.t available|is not available|not found|doesn.t exist|does not exist|has been (?:removed|deleted|suspended)|suspended|no longer available)|finnes ikke|findes ikke|ei löydy|ei ole saatavilla)/i;
  const geo = /(inte tillgänglig(?:t)? i (?:ditt|det här) land|not available in your (?:country|region)|ikke tilgjengelig i ditt land)/i;

  const area = (el) => { const r = el.getBoundingClientRect(); const w = Math.min(r.right, innerWidth) - Math.max(r.left, 0), h = Math.min(r.bottom, innerHeight) - Math.max(r.top, 0); return w > 0 && h > 0 ? (w * h) / (innerWidth * innerHeight) : 0; };
  A.overlays = () => {
    const out = [];
    for (const el of A.all('body *')) {
      const s = A.css(el), dialog = /^(dialog|alertdialog)$/.test(el.getAttribute('role') || '') || el.getAttribute('aria-modal') === 'true' || el.localName === 'dialog' && el.open;
      if (!dialog && s.position !== 'fixed' && !(s.position === 'absolute' && +s.zIndex >= 100)) continue;
      if (!A.visible(el) || s.visibility !== 'visible' || parseFloat(s.opacity) < 0.05) continue;
      const a = area(el);
      if (a > 0.02) out.push({ el, area: a, dialog, z: +s.zIndex || 0 });
    }
    return out;
  };
  const loginish = (root) => {
    const pw = A.within(root, 'input[type=password]').some(A.visible);
    const act = A.within(root, 'a[href],button,[role=button],input[type=submit]').filter((b) => A.visible(b) && (loginWord.test(A.label(b)) || b.localName === 'a' && loginPath.test(b.href)));
    return { pw, act: act.length };
  };
  // wall reports the signs in the page as it stands.
  A.wall = () => {
    const out = { login: false, captcha: false, age: false, gone: false, geo: false, path: false, text: '', chars: 0 };
    out.path = loginPath.test(location.pathname);
    const body = document.body;
    if (!body) return out;
    const text = A.clean(body.innerText);
    out.chars = text.length;
    const locked = [document.documentElement, body].some((e) => /(hidden|clip)/.test(A.css(e).overflowY) || A.css(e).position === 'fixed');
    for (const o of A.overlays()) {
      if (o.area < 0.04) continue;
      const t = A.clean(o.el.innerText).slice(0, 2000);
      const l = loginish(o.el);
      const bars = o.dialog || locked || o.area > 0.4;
      if (!bars) continue;
      if (l.pw || l.act && /(logga in|log in|sign in|sign up|konto|account|logg inn|log ind|kirjaudu|medlem)/i.test(t)) { out.login = true; out.text = t.slice(0, 200); out.covering = o.area; out.closable = !!A.closer(o.el); }
      if (age.test(t)) { out.age = true; out.text = t.slice(0, 200); }
    }
    const items = A.find().length;
    if (items < 1) {
      const l = loginish(body);
      if (l.pw && (out.path || text.length < 2500)) { out.login = true; out.full = true; out.text = out.text || text.slice(0, 200); }
      else if (out.path && l.act) { out.login = true; out.full = true; out.text = text.slice(0, 200); }
      else if (l.act && text.length < 700 && /(?:logga in för att|log in to|sign in to|du måste logga in|you must log in|du måste vara inloggad|logg inn for|log ind for|kirjaudu sisään)/i.test(text)) { out.login = true; out.full = true; out.text = text.slice(0, 200); }
      if (text.length < 3000 && (captcha.test(text) || A.all('iframe[src*=captcha i],iframe[src*=challenge i],[class*=captcha i],[id*=captcha i],form[action*=captcha i],input[name*=captcha i]').some(A.visible))) { out.captcha = true; out.text = text.slice(0, 200); }
      if (text.length < 1500 && age.test(text)) { out.age = true; out.text = text.slice(0, 200); }
      if (text.length < 1500 && geo.test(text)) { out.geo = true; out.text = text.slice(0, 200); }
      else if (text.length < 1500 && gone.test(text)) { out.gone = true; out.text = gone.exec(text)[0]; }
    }
    return out;
  };
  const closeWord = /^(?:stäng|close|inte nu|not now|nej tack|no thanks|avbryt|cancel|dismiss|senare|later|hoppa över|skip|lukk|luk|sulje|ikke nå|ikke nu|ei nyt|fortsätt utan|×|✕|✖|x$)/i;
  A.closer = (root) => A.within(root, 'button,[role=button],a[href="#"],[aria-label]').find((b) => A.visible(b) && closeWord.test(A.label(b)) && !loginWord.test(A.label(b)) && A.pressable(b));
  // closeWall presses the way out of a login dialog, where it offers one.
  A.closeWall = () => {
    for (const o of A.overlays()) {
      const t = A.clean(o.el.innerText);
      const l = loginish(o.el);
      if (!(l.pw || l.act) || o.area < 0.02) continue;
      const c = A.closer(o.el);
      if (c) { const name = A.label(c) || 'stäng'; c.click(); return name; }
    }
    return '';
  };
})();
