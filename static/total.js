// Keeps the running total in step with what is chosen. Amounts are whole minor units.
'use strict';
(() => {
	const out = document.getElementById('total');
	const form = document.getElementById('main');
	if (!out || !form) return;
	const decimals = { KRW: 0, JPY: 0 };
	const korean = out.dataset.lang === 'ko';

	const quantity = (el) => (/^\d{1,4}$/.test(el.value.trim()) ? Number(el.value.trim()) : 0);

	// lines gives prices and quantity of everything chosen; null while no category is.
	function lines() {
		const category = form.querySelector('[name=category]:checked');
		if (!category) return null;
		const extras = [...form.querySelectorAll('[name^="extra."]:not(:disabled)')];
		return [[category, 1], ...extras.map((el) => [el, quantity(el)])]
			.filter(([, n]) => n > 0)
			.map(([el, n]) => [JSON.parse(el.dataset.prices), n]);
	}

	// sums adds up per currency in which every line has a price, the won first.
	function sums(all) {
		return Object.keys(all[0][0])
			.filter((cur) => all.every(([prices]) => cur in prices))
			.sort((a, b) => (a === 'KRW' ? -1 : b === 'KRW' ? 1 : a < b ? -1 : 1))
			.map((cur) => [cur, all.reduce((sum, [prices, n]) => sum + prices[cur] * n, 0)]);
	}

	function format(cur, minor) {
		const d = decimals[cur] ?? 2;
		const digits = String(minor).padStart(d + 1, '0');
		const whole = digits.slice(0, digits.length - d).replace(/\B(?=(\d{3})+$)/g, ',');
		const text = d ? whole + '.' + digits.slice(-d) : whole;
		return korean && cur === 'KRW' ? text + '원' : cur + ' ' + text;
	}

	function line(text) {
		const span = document.createElement('span');
		span.className = 'money';
		span.textContent = text;
		return span;
	}

	function update() {
		const all = lines();
		if (!all) {
			out.textContent = out.dataset.none;
			return;
		}
		const totals = sums(all);
		const free = totals.length > 0 && totals.every(([, minor]) => minor === 0);
		out.replaceChildren(...(free ? [line(out.dataset.free)] : totals.map(([cur, minor]) => line(format(cur, minor)))));
	}

	form.addEventListener('change', update);
	form.addEventListener('input', update);
	addEventListener('pageshow', (e) => {
		if (e.persisted || !('discounted' in out.dataset)) update(); // a discount is the server's to work out
	});
})();
