// Pictures that are written into the page itself: their addresses are their bytes, so that posts carry a short name for them instead.
(() => {
  'use strict';
  const A = arsring;
  const numbers = new Map(), urls = [], base = Math.floor(Math.random() * 1e12); // pages of one capture must not share numbers
  // dataRef gives the short name of a data: address, dataURL the address of a name's number.
  A.dataRef = (url) => {
    if (!numbers.has(url)) { numbers.set(url, base + urls.length); urls.push(url); }
    return url.slice(0, url.search(/[;,]|$/)) + ';picture=' + numbers.get(url) + ',';
  };
  A.dataURL = (n) => urls[n - base] || '';
})();
