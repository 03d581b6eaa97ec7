// One sentence about the page itself: a link, the server, the disk.

export class Notice {
  constructor(root) {
    this.root = root;
    this.text = root.querySelector("p");
    this.isFailure = false;
    root.querySelector("button").addEventListener("click", () => this.close());
  }

  say(sentence) {
    this.isFailure = false;
    this.put(sentence);
  }

  /** Something that keeps the page from answering. */
  fail(sentence) {
    this.isFailure = true;
    this.put(sentence);
  }

  /** The page answers again. */
  recovered() {
    document.body.classList.remove("unreachable");
    if (this.isFailure) this.close();
  }

  put(sentence) {
    this.root.hidden = false;
    this.root.classList.toggle("failure", this.isFailure);
    if (this.text.textContent !== sentence) this.text.textContent = sentence;
  }

  close() {
    this.root.hidden = true;
    this.isFailure = false;
    this.text.textContent = "";
  }
}
