// What is typed in a form, by the names of its fields: to be put back where an answer, or the way back, took it away.

// What is typed under a form: [[name, value], ...], without files.
export const typedIn = form => [...new FormData(form)].filter(([, value]) => typeof value === "string")

// Where a form is sent. Its field "action", if it had one, would hide the form's own.
export const pathOf = form => new URL(form.getAttribute("action") ?? "", location.href).pathname

// Whether somebody changed this field since the server wrote it.
export const isChanged = field => field instanceof HTMLSelectElement
  ? [...field.options].some(option => option.selected !== option.defaultSelected) && field.querySelector("[selected]") !== null
    || (field.querySelector("[selected]") === null && field.selectedIndex > 0)
  : field.value !== field.defaultValue || field.checked !== field.defaultChecked

// The fields that a person fills in.
export const fieldsOf = root => [...root.querySelectorAll("textarea, select, input:not([type=hidden], [type=file], [type=submit])")].filter(field => field.name)

// What stands in a field: [value, whether it is ticked].
export const stateOf = field => `${field.value}\n${field.checked ?? ""}`

// Put this value into the fields of that name: typed, chosen, or ticked where it is theirs.
export function fill(root, name, value) {
  for (const field of root.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
    if (["radio", "checkbox"].includes(field.type)) field.checked ||= field.value === value
    else if (field instanceof HTMLSelectElement) {
      if ([...field.options].some(option => option.value === value)) field.value = value
    } else if (field.type !== "file" && field.tagName !== "BUTTON") field.value = value
    // What follows a field (a count of letters) follows this too.
    field.dispatchEvent(new Event("input", { bubbles: true }))
  }
}
