// Asks for news about a payment after 1, 2, 3, 5, 5 ... seconds, and opens the page again when there is some.
'use strict';
(() => {
	const box = document.getElementById('status');
	if (!box || !box.dataset.poll) return;
	const waits = [1, 2, 3];
	const most = Number(box.dataset.polls) || 60;
	let asked = 0;

	// changed compares the answer with what the page shows. A page without a name knows no order, and its answer neither.
	const changed = (now) => now.order !== box.dataset.order || (now.payment || '') !== box.dataset.payment;

	async function ask() {
		asked++;
		try {
			const answer = await fetch(box.dataset.poll, { cache: 'no-store', headers: { Accept: 'application/json' } });
			if (answer.ok && changed(await answer.json())) {
				location.reload();
				return;
			}
		} catch {
			// no connection: the next turn may have one
		}
		next();
	}

	function next() {
		if (asked >= most) return;
		setTimeout(() => (document.hidden ? document.addEventListener('visibilitychange', ask, { once: true }) : ask()), (waits[asked] || 5) * 1000);
	}
	next();
})();
