// Before anything is drawn: what only a script can unfold may be folded, and the theme the reader chose.
document.documentElement.dataset.script = "";
try {
  const chosen = localStorage.getItem("atlas-theme");
  if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
} catch { /* no storage here: the system's theme it is */ }
