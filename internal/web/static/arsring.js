// The little that is nicer with a script: progress that moves by itself. Every page works without.
(function () {
  "use strict";
  var err = document.getElementById("fel");
  if (err) err.focus();

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
