// Says how many letters are left, where a text is short by nature. The server has the last word.
customElements.define("letter-count", class extends HTMLElement {
  connectedCallback() {
    this.field = document.getElementById(this.dataset.for)
    this.setAttribute("role", "status")
    this.update = () => this.show()
    this.form = this.closest("form")
    this.form.addEventListener("input", this.update)
    this.show()
  }

  disconnectedCallback() {
    this.form?.removeEventListener("input", this.update)
  }

  limit() {
    const idea = this.form.querySelector("[name=tone][value=idea]")
    return Number(idea?.checked ? this.dataset.longer : this.dataset.limit)
  }

  show() {
    const left = this.limit() - [...this.field.value].length
    const { one, many, over } = this.dataset
    this.textContent = left === 1 ? one : (left < 0 ? over : many).replace("#", Math.abs(left))
  }
})
