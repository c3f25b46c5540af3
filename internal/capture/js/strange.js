// Pages that are not the account's although they came with a good status, told first by what every language shares: what kind of document it is, a
// status code for a heading, the names of eIDs, the fields to fill in, the names that their makers gave to their parts.
(() => {
  'use strict';
  const A = arsring;
  const { shown } = A;
  const actions = 'a[href],button,[role=button],input[type=submit],input[type=button]';
  const inPage = (e) => shown(e) && !e.closest(A.frameParts);

  const statusText = '(?:not found|gone|bad request|forbidden|unauthori[sz]ed|access denied|method not allowed|request time-?out|too many requests|(?:internal )?server error|not implemented|bad gateway|service (?:temporarily )?unavailable|gateway time-?out|page not found)';
  const code = new RegExp('^\\W*(?:(?:http|status|code|error|errors?|fel|felkod|feil|fejl|virhe|fehler|erreur|errore|fout|błąd|chyba|hiba|viga|ошибка|помилка)(?!\\p{L})\\W*)*([45]\\d\\d)\\W*$|(?<!\\d)([45]\\d\\d)\\W{0,5}' + statusText + '|' + statusText + '\\W{0,5}([45]\\d\\d)(?!\\d)|^(' + statusText + ')[.!]?$', 'iu');
  // codeOf tells which wall a heading names that is nothing but the status of an answer (RFC 9110); '' for any other.
  A.codeOf = (t) => {
    const m = t.length < 60 && code.exec(t);
    if (!m) return '';
    const n = +(m[1] || m[2] || m[3] || 0), w = (m[4] || '').toLowerCase();
    if (n === 404 || n === 410 || /not found|gone/.test(w)) return 'gone';
    if (n === 429 || /too many/.test(w)) return 'rate';
    return n >= 500 || /server|gateway|unavailable|implemented/.test(w) ? 'fault' : 'denied';
  };
  const yes = /^(?:ja|jag är|jag har|jeg er|yes|oui|sí|si|sim|tak|kyllä|joo|да|так|ano|áno|igen|da|taip|jā|jah|ναι|evet|نعم|はい|是|네|예|já|i.m|i am|soy|sono|je suis|ich bin|tengo|jestem|olen|мне|ik ben|enter|gå in)(?!\p{L})/iu;
  const no = /^(?:nej|jag (?:är|har) (?:inte|ej)|i have not|nei|no|non|não|nie|ei|en|нет|ні|ne|nem|nu|nē|όχι|hayır|لا|いいえ|否|不|아니|nein|nee|leave|exit|lämna|avslutt|forlat|sortir|salir|sair|wyjdź|poistu|verlassen|quitter|esci|i.m not|i am not|under)/iu;
  // asksAge says that something asks for an age: by a yes and a no beside a number of years, or by the fields of a date of birth.
  A.asksAge = (root, t) => {
    const acts = A.deep(root, actions).filter(inPage).map((b) => A.label(b));
    const known = acts.some((l) => yes.test(l)), pair = acts.length < 9 && acts.some((l) => yes.test(l)) && acts.some((l) => no.test(l));
    const birth = A.deep(root, 'input[type=date],input[autocomplete^=bday]').some(shown) || A.deep(root, 'select').filter((s) => shown(s) && (s.options.length < 40 || Array.from(s.options).some((o) => /^(?:19|20)\d\d$/.test(o.text.trim())))).length >= 3;
    if (pair && (A.phrases.years.test(t) || A.phrases.age.test(t))) return true;
    // In any language: a short question with the number, and two short answers.
    if (!known && t.length < 250 && acts.length === 2 && acts.every((l) => l && l.length < 25) && /(?<!\d)(?:1[568]|2[01])(?!\d)[^.!?？;]{0,40}(?:[?？]|;\s|;$)/.test(t)) return true;
    return t.length < 700 && acts.length < 6 && (birth && acts.length > 0 && acts.length < 4 && A.all('textarea,input[type=email],input[type=tel]').filter(inPage).length === 0 || acts.length > 0 && A.phrases.age.test(t.slice(0, 300)));
  };

  // data says that the address gave something for programs to read.
  const data = (text) => {
    if (/[/+]json$/.test(document.contentType)) return true;
    if (/^(?:text|application)\/xml$/.test(document.contentType)) return !/^(?:rss|feed|RDF|html|svg)$/i.test(document.documentElement.localName) && document.documentElement.namespaceURI !== 'http://www.w3.org/1999/xhtml';
    if (!/^[[{]/.test(text) || text.length > 20000) return false;
    try { return typeof JSON.parse(text) === 'object'; } catch (e) { return false; }
  };
  const verb = /\p{L}{3,}.*\s/u;
  // identity says that the page asks its visitor who he is, without a password: by an eID, another's account, or one field for a name.
  const identity = (p) => {
    const acts = A.all(actions).filter((b) => inPage(b) && A.label(b).length < 70), labels = acts.map((b) => A.label(b));
    const eids = labels.filter((l) => A.phrases.eid.test(l)).length, heads = p.heads.some((h) => h.length < 60 && (A.phrases.login.test(h) || /^(?:logga in|log in|login|sign in|logg inn|log ind|kirjaudu|anmelden|välj (?:inloggning|legitimering)|e-?legitim|identif)/iu.test(h)));
    if (p.main < 700 && acts.length < 12 && (eids >= 2 || eids && (heads || p.main < 250))) return true;
    const others = new Set(acts.filter((b) => !(b.localName === 'a' && /(?:facebook|google|apple|microsoft|linkedin|twitter|github)\.com$/i.test(b.hostname || '') && !/oauth|auth|login/i.test(b.href)))
      .map((b) => A.label(b)).filter((l) => verb.test(l)).map((l) => (/(?:google|apple|microsoft|facebook|github)(?!\p{L})/iu.exec(l) || [''])[0].toLowerCase()).filter(Boolean));
    if (p.bare && acts.length < 10 && (others.size >= 2 || others.size && heads)) return true;
    if (p.bare && heads && acts.length && acts.length < 8) return true;
    const fields = A.all('input:not([type=hidden]):not([type=checkbox]):not([type=radio]):not([type=submit]):not([type=button]):not([type=image]),textarea').filter(inPage);
    if (fields.length !== 1 || !p.sparse || !A.all('button,input[type=submit],[role=button]').some(inPage)) return false;
    const f = fields[0];
    if (p.main < 40 && /^(?:text|email|tel|number)$/.test(f.type) && !/(?:^|\s)q(?:$|\s)|s[öe]k|search|such|hae|buscar|cerca|zoek|szuka/i.test([f.name, f.id, f.placeholder, f.getAttribute('aria-label')].join(' '))) return true; // nothing but a question who it is
    const named = [f.name, f.id, f.autocomplete, f.placeholder, f.getAttribute('aria-label')].join(' ');
    return /(?:user.?name|\blogin|identifier|personnummer|\bpnr\b|\bssn\b|person(?:al)?[-_ ]?(?:number|id|nr)|\bcpr\b|\bhetu\b|fødselsnummer|webauthn|one-time-code|åååå|loginid|användarnamn|brukernavn|brugernavn|käyttäjätunnus)/i.test(named);
  };
  // marked is the name that its makers gave to the part of a page that holds all it says, where that is an error's.
  const marked = (p) => {
    if (!p.bare || !p.main) return '';
    const part = A.all('body,body *').slice(0, 400).filter((e) => !e.closest('nav,footer,header') && A.clean(e.innerText).length >= p.main * 0.6 && shown(e));
    const names = part.map((e) => [e.id, e.getAttribute('class'), e.getAttribute('data-testid'), e.getAttribute('data-page')].join(' ')).join(' ');
    if (/(?:^|[\s_-])(?:not-?found|error-?404|page-?404|404)(?:$|[\s_-])/i.test(names)) return 'gone';
    if (/(?:^|[\s_-])(?:error-?(?:page|boundary|screen|container|view|code|state|message)?|maintenance(?:-\w+)?|http-?error|offline|crash)(?:$|[\s_-])/i.test(names)) return 'fault';
    if (/(?:^|\s)(?:login|log-in|signin|sign-in|auth|sso|idp|hrd|adfs)(?:[-_]?(?:page|form|container|wrapper|box|view|panel|screen))?(?:\s|$)/i.test(names) && A.all(actions).some(inPage)) return 'login';
    return /(?:^|[\s_-])(?:access-?denied|forbidden|unauthori[sz]ed|no-?access)(?:$|[\s_-])/i.test(names) ? 'denied' : '';
  };
  // lander tells a domain that nobody uses: its own name for a heading, and links to elsewhere alone.
  const lander = () => {
    const links = A.all('a[href]').filter(inPage);
    return links.length > 2 && links.every((a) => a.hostname && a.hostname !== location.hostname) && A.all('h1,h2').some((h) => inPage(h) && /^[\w-]+(?:\.[\w-]+)+$/.test(A.clean(h.innerText)));
  };
  // mainWords is what a page says apart from what frames it; what every page says at its foot tells nothing of this one.
  const mainWords = () => {
    const w = document.createTreeWalker(document.body, NodeFilter.SHOW_ALL, (n) => (n.nodeType === 3 ? NodeFilter.FILTER_ACCEPT : n.nodeType !== 1 || n.matches(A.frameParts) || !n.getClientRects().length && A.css(n).display === 'none' ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP));
    let out = '';
    for (let n = w.nextNode(); n && out.length < 6000; n = w.nextNode()) out += n.data + ' ';
    return A.clean(out);
  };
  // cookieWall says that a page shows nothing but a question of consent.
  const cookieWall = (p) => {
    if (p.main > 900 || !A.consentAbout.test(p.heads.join(' \n ') + ' \n ' + mainWords())) return false;
    const acts = A.all(actions).filter((b) => inPage(b)), kinds = acts.map((b) => A.consentKind(A.label(b)));
    if (acts.length && acts.length < 4 && p.main < 300 && acts.every((b) => b.localName === 'button' || b.getAttribute('role') === 'button')) return true;
    return acts.length < 7 && (kinds.includes('accept') || kinds.includes('refuse')) && (p.main < 500 || p.heads.some((h) => A.consentAbout.test(h)));
  };
  // ticket is the number under which a guard before a site can be asked why it refused.
  const ticket = /(?:^|[^\p{L}])(?:support|reference|referens|incident|request|event|ray|block) ?(?:id|number|nummer|no\.?|nr\.?|#)(?![\p{L}])\W{0,6}(?:is\W{0,3})?[\w-]*\d[\w-]{5,}/iu;
  // strange tells what stands in the account's place, as [kind, text]; null where nothing speaks for it.
  A.strange = (p, says) => {
    const text = A.clean(document.body.innerText).slice(0, 6000), links = A.all('a[href]').filter(inPage).length, head = p.heads[0] || text.slice(0, 100);
    if (data(text)) return ['data', text.slice(0, 100)];
    const code = p.bare && p.heads.find((h) => A.codeOf(h)); // which says more than what follows it
    if (code) return [A.codeOf(code), code];
    if (p.main < 6000 && links < 8 && (A.phrases.machine.test(text) || A.phrases.machine.test(A.clean(document.title)))) return ['fault', (A.phrases.machine.exec(text) || [head])[0].slice(0, 120)];
    if (p.bare && (/^(?:uncaught )?[a-z]*(?:error|exception): /i.test(text) || A.all('[role=alert]').some((e) => inPage(e) && A.clean(e.innerText).length >= p.main * 0.7))) return ['fault', text.slice(0, 120)];
    const server = p.heads.find((h) => A.phrases.server.test(h)) || p.main < 300 && A.phrases.server.test(text) && text.slice(0, 80);
    if (server) return ['parked', server];
    if (p.bare) { const h = says({ test: A.codeOf }, 60); if (h) return [A.codeOf(h), h]; }
    if (p.sparse && says(A.phrases.parked, 160)) return ['parked', says(A.phrases.parked, 160)];
    if (p.bare && says(A.phrases.denied, 140)) return ['denied', says(A.phrases.denied, 140)];
    if (p.main < 500 && links < 3 && ticket.test(text)) return ['denied', head];
    if (identity(p)) return ['login', head];
    if (cookieWall(p)) return ['consent', head];
    const m = marked(p);
    if (m) return [m, head];
    if (p.bare && lander()) return ['parked', head];
    return A.waits(p, says) ? ['wait', says(A.phrases.wait, 140) || head] : null;
  };
  // waits says that the page only keeps its visitor waiting.
  A.waits = (p, says) => p.bare && document.scripts.length > 0 && A.all('a[href]').filter(inPage).length < 3 && (!!says(A.phrases.wait, 140) || !!document.querySelector('#challenge-form,#challenge-running,#cf-wrapper,[id^=cf-chl],script[src*="cdn-cgi/challenge" i]'));

  // passes says that the page may soon give way to another: it says little, leads nowhere, and waits, checks, was answered with a refusal, or has a
  // script that leads away by a clock.
  const leads = /setTimeout|setInterval/, away = /location\s*(?:\.href\s*)?=[^=]|location\.(?:replace|assign|reload)|\.submit\s*\(/;
  A.passes = (status) => {
    if (!document.body || !document.scripts.length || A.clean(document.body.innerText).length > 1500 || A.all('article,time,[role=article],input[type=password]').some(shown)) return false;
    const p = A.lone();
    if (!p.bare) return false;
    const own = Array.from(document.scripts).map((s) => s.textContent).join('\n').slice(0, 200000);
    if (leads.test(own) && away.test(own)) return true;
    const links = A.all('a[href]').filter(inPage).length;
    if (status >= 400) return [403, 429, 503].includes(status) && links < 4;
    return A.waits(p, (re, most) => A.saysAlone(p, re, most)) || p.main < 120 && !links && !A.all('input,button,img,video,canvas,iframe').some(inPage);
  };

  // dismay is how pages begin to tell of a fault, in many languages.
  const dismay = A.dismay = /^(?:oj(?:då| då| nej)?|hoppsan|ho?ppla|(?:wh)?oops|oups|ops|oeps|ups|hups(?:is|ista)?|hov|huch|hopp|uh[- ]?oh|jejda|helaas|sorry|upsi|ой|упс|ай|うーん|哎呀)(?![\p{L}\p{N}])/iu;

  // shows says whether a page that shows little names the account at all, or only leads to an app: {little, named, app}. names are words of its title, its sender and its address.
  A.showsAccount = (names) => {
    const plain = (s) => s.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
    const main = A.all('body *').some((e) => /^(?:article|time)$/.test(e.localName) && A.visible(e));
    const pictures = A.all('img,video,canvas,picture').some((e) => { const r = e.getBoundingClientRect(); return r.width > 280 && r.height > 180 && A.visible(e); });
    const text = A.words(document.body), meta = A.all('meta[property="og:title"],meta[property="og:site_name"]').map((m) => m.content), alts = A.all('img[alt]').map((i) => i.alt);
    const said = plain([document.title, text, ...meta, ...alts].join(' '));
    const links = A.all('a[href]').filter(inPage), stores = links.filter((a) => /^(?:apps\.apple\.com|itunes\.apple\.com|play\.google\.com|appgallery\.huawei\.com)$/.test(a.hostname)).length;
    return { app: text.length < 300 && stores > 0 && links.length - stores < 2 && A.lone().heads.some((h) => /(?:^|[^\p{L}])app(?![a-dfgj-z])/iu.test(h)), little: text.length < 500 && !main && !pictures, named: !A.lone().heads.some((h) => dismay.test(h)) && names.some((n) => said.includes(plain(n))) };
  };
})();
