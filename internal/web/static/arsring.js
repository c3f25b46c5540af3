// The little that is nicer with a script: progress that moves by itself. Every page works without.
(function () {
  "use strict";
  var err = document.getElementById("fel");
  if (err) err.focus();

  // Areas of a picture that shall be covered in a copy: drawn with the pointer, kept as text in a field, which works without.
  document.querySelectorAll("[data-cover]").forEach(function (frame) {
    var field = document.getElementById(frame.getAttribute("data-cover"));
    var from = null, shown = [];
    function read() {
      return field.value.split(";").map(function (s) { return s.trim().split(/\s+/).map(function (n) { return Number(n.replace(",", ".")); }); }).filter(function (r) { return r.length === 4 && !r.some(isNaN); });
    }
    function draw(extra) {
      shown.forEach(function (e) { e.remove(); });
      shown = read().concat(extra ? [extra] : []).map(function (r) {
        var e = document.createElement("span");
        e.style.left = r[0] + "%"; e.style.top = r[1] + "%"; e.style.width = r[2] + "%"; e.style.height = r[3] + "%";
        return frame.appendChild(e);
      });
    }
    function at(e) {
      var b = frame.getBoundingClientRect();
      var part = function (v) { return Math.round(Math.min(1, Math.max(0, v)) * 1000) / 10; };
      return [part((e.clientX - b.left) / b.width), part((e.clientY - b.top) / b.height)];
    }
    function area(e) {
      var to = at(e), round = function (v) { return Math.round(v * 10) / 10; };
      return [Math.min(from[0], to[0]), Math.min(from[1], to[1]), round(Math.abs(to[0] - from[0])), round(Math.abs(to[1] - from[1]))];
    }
    frame.addEventListener("pointerdown", function (e) { from = at(e); frame.setPointerCapture(e.pointerId); e.preventDefault(); });
    frame.addEventListener("pointermove", function (e) { if (from) draw(area(e)); });
    frame.addEventListener("pointerup", function (e) {
      if (!from) return;
      var r = area(e);
      from = null;
      if (r[2] > 0.5 && r[3] > 0.5) {
        field.value = (field.value.trim() ? field.value.trim().replace(/;$/, "") + "; " : "") + r.join(" ");
        var box = field.closest("figure").querySelector("[name=sheet]");
        if (box) box.checked = true;
      }
      draw();
    });
    frame.addEventListener("pointercancel", function () { from = null; draw(); });
    field.addEventListener("input", function () { draw(); });
    draw();
  });

  var box = document.querySelector("[data-follow]");
  if (!box || !window.EventSource) return;
  var bar = box.querySelector("progress");
  var line = box.querySelector("[data-stage]");
  var source = new EventSource(box.getAttribute("data-follow"));
  source.onmessage = function (e) {
    var job = JSON.parse(e.data);
    if (job.ended) {
      source.close();
      location.replace(location.pathname);
      return;
    }
    if (line && line.textContent !== job.says) line.textContent = job.says;
    if (job.total > 0) { bar.max = job.total; bar.value = job.done; } else { bar.removeAttribute("value"); }
    var steps = box.querySelectorAll("[data-step]");
    for (var i = 0; i < steps.length; i++) {
      var n = Number(steps[i].getAttribute("data-step"));
      steps[i].className = n < job.step ? "done" : n === job.step ? "now" : "";
      if (n === job.step) steps[i].setAttribute("aria-current", "step"); else steps[i].removeAttribute("aria-current");
    }
  };
})();
