// Before anything is drawn: the theme the reader chose, if any.
try {
  const chosen = localStorage.getItem("atlas-theme");
  if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
} catch { /* no storage here: the system's theme it is */ }
