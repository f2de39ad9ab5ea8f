// Shows the buttons that copy a number or an address, which stands in the page anyway, and says when it was done.
'use strict';
(() => {
	const buttons = document.querySelectorAll('button[data-copy]');

	// select marks the text beside a button, for browsers that do not let a page write to the clipboard.
	function select(button) {
		getSelection().selectAllChildren(button.parentElement.querySelector('.copy'));
		return document.execCommand('copy');
	}

	async function copy(button) {
		const said = button.parentElement.querySelector('[role=status]');
		let done = true;
		try {
			await navigator.clipboard.writeText(button.dataset.copy);
		} catch {
			done = select(button);
		}
		said.textContent = done ? said.dataset.done : '';
	}

	buttons.forEach((button) => {
		button.hidden = false;
		button.addEventListener('click', () => copy(button));
	});
})();
