// Package console is the web console of the admin listener: the steps of an administrator as pages, over the control plane. Pages come
// whole from the server; they run no script and load nothing from elsewhere.
//
// To add a form, write it into a template with the field csrf of the page, give New its path, and answer its POST with a redirect that
// tells what happened, or with the page it stands on, which shows the refusal beside the form and keeps what was entered.
package console
