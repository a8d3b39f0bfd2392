/** Give a text, or what is a file already, to the person as a file. */
export function save(name: string, content: string | Blob): void {
  const file = content instanceof Blob ? content : new Blob([content], { type: "text/plain;charset=utf-8" });
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
