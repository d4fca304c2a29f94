// What pages can do better with a script. Every page does its job without it.
"use strict";

const said = document.getElementById("said");

// say tells those who cannot see what has happened.
function say(text) {
  said.textContent = "";
  setTimeout(() => { said.textContent = text; }, 50); // a live region speaks when its text changes
}

async function copy(button) {
  const input = document.getElementById(button.dataset.copy);
  input.focus();
  input.select();
  try {
    await navigator.clipboard.writeText(input.value);
  } catch {
    if (!document.execCommand("copy")) { // where a page is not trusted with the clipboard, such as over plain HTTP
      say("This browser does not copy for the page. The text is selected: copy it with the keyboard.");
      return;
    }
  }
  button.textContent = "Copied";
  say("Copied");
  setTimeout(() => { button.textContent = "Copy"; }, 2000);
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}

// Who has entered something wrong goes on at the field that says so. The browser has gone to the form by then, which takes the focus away.
addEventListener("load", () => {
  document.querySelector("input[aria-invalid=true], select[aria-invalid=true], textarea[aria-invalid=true]")?.focus();
});
