// Package console is the web console of the admin listener: the steps of an administrator as pages, over the control plane. Pages come
// whole from the server and load nothing from elsewhere; their one script makes them handier, and every one does its job without it.
//
// A file has the pages of one noun: its routes, which console.routes lists, and what they answer. Each file of templates is a page within the
// layout, under its own name; templates/parts has what several pages share. A section of the console has a line in sections.
//
// To add a form, write it into a template with the field csrf of the page, give its path to the routes of the file, and answer its POST with
// a redirect that tells what happened, or with the page it stands on (settle), which keeps what was entered and shows the refusal beside the
// field that blamed names. The tests have a list of all pages and one of all forms, and send each form what it cannot have.
package console
