'use strict';

// "/" goes to the search field, unless somebody is typing.
document.addEventListener('keydown', (e) => {
	const search = document.getElementById('q');
	if (e.key !== '/' || !search || e.ctrlKey || e.metaKey || e.altKey) return;
	if (e.target.closest('input, select, textarea, [contenteditable]')) return;
	e.preventDefault();
	search.focus();
	search.select();
});
