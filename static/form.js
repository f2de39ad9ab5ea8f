// Small comforts for every form: one click is one post, and links to a field show its label too.
'use strict';
(() => {
	const page = document.body.dataset.page; // this answers a post: Back and Reload ask for the page of the form, and nothing is sent twice
	if (page) history.replaceState(null, '', page);

	const sent = () => document.querySelectorAll('form[data-sent]');

	document.addEventListener('submit', (e) => {
		const form = e.target;
		if (form.dataset.sent) {
			e.preventDefault();
			return;
		}
		if (e.defaultPrevented || form.method !== 'post') return;
		form.dataset.sent = '1';
		form.querySelectorAll('[type=submit]').forEach((b) => b.setAttribute('aria-disabled', 'true'));
		setTimeout(reset, 20000); // an answer that never came may be asked for again: the server knows the form
	});

	function reset() {
		sent().forEach((form) => {
			delete form.dataset.sent;
			form.querySelectorAll('[type=submit]').forEach((b) => b.removeAttribute('aria-disabled'));
		});
	}
	addEventListener('pageshow', (e) => {
		reset();
		if (e.persisted && location.pathname.startsWith('/o/')) location.reload(); // Back from the payment window: the order may have moved on
	});

	// What was typed so far is still there in the page's other language.
	const typed = 'typed:' + location.pathname;
	const fields = () => [...document.querySelectorAll('form[method=post] :is(input, select, textarea)[name]')]
		.filter((f) => !['hidden', 'password', 'file', 'submit'].includes(f.type));
	document.addEventListener('click', (e) => {
		if (!e.target.closest('.masthead-links a[hreflang]')) return;
		sessionStorage.setItem(typed, JSON.stringify(fields().map((f) => [f.form.id, f.name, f.value, f.checked])));
	});
	document.addEventListener('DOMContentLoaded', () => {
		const kept = JSON.parse(sessionStorage.getItem(typed) ?? '[]');
		sessionStorage.removeItem(typed);
		for (const f of fields()) {
			const choice = f.type === 'radio' || f.type === 'checkbox';
			const was = kept.find(([form, name, value]) => form === f.form.id && name === f.name && (!choice || value === f.value));
			if (!was) continue;
			if (choice) f.checked = was[3];
			else f.value = was[2];
			f.dispatchEvent(new Event('change', { bubbles: true }));
		}
	});

	document.addEventListener('click', (e) => {
		const link = e.target.closest('.problems a[href^="#"]');
		const field = link && document.getElementById(link.hash.slice(1));
		if (!field) return;
		e.preventDefault();
		const label = field.closest('fieldset')?.querySelector('legend') ?? field.labels?.[0] ?? field;
		label.scrollIntoView({ block: 'start' });
		field.focus({ preventScroll: true });
	});
})();
