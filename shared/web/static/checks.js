// What the server will object to is said beside a field as soon as it is left, in the words of the form; it is gone as
// soon as it is put right. Whether something is sent decides the server.
"use strict";

const MESSAGE = "utrecht-form-field-error-message";
const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@.]+$/;

for (const form of document.querySelectorAll("form[data-missing]")) {
  for (const input of form.querySelectorAll("input[type=text], input[type=email]")) {
    input.addEventListener("change", () => show(input, objection(form, input)));
    input.addEventListener("input", () => input.hasAttribute("aria-invalid") && !objection(form, input) && show(input, ""));
  }
}

function objection(form, input) {
  const typed = input.value.trim();
  const isOptional = form.querySelector(`label[for="${input.id}"] .optional`) !== null;
  if (!typed) return isOptional ? "" : form.dataset.missing;
  return input.type === "email" && !ADDRESS.test(typed) ? form.dataset.address : "";
}

function show(input, text) {
  const id = `${input.id}-error`;
  const others = (input.getAttribute("aria-describedby") ?? "").split(" ").filter((each) => each && each !== id);
  document.getElementById(id)?.remove();
  input.classList.toggle("utrecht-textbox--invalid", text !== "");
  input.closest(".utrecht-form-field").classList.toggle("utrecht-form-field--invalid", text !== "");
  if (text) {
    const error = Object.assign(document.createElement("p"), { className: MESSAGE, id, textContent: text });
    error.setAttribute("role", "alert");
    input.before(error);
    input.setAttribute("aria-invalid", "true");
    others.push(id);
  } else {
    input.removeAttribute("aria-invalid");
  }
  if (others.length) input.setAttribute("aria-describedby", others.join(" "));
  else input.removeAttribute("aria-describedby");
}
