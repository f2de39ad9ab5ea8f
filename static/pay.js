// Opens a gateway's payment window with the data of the page, and takes what the gateway's script says to our return
// address as if the gateway had led there.
'use strict';
(() => {
	const box = document.getElementById('pay-window');
	const data = document.getElementById('launch');
	if (!box || !data) return;
	const launch = JSON.parse(data.textContent);

	// show makes one state visible. The way without script stays hidden until something fails.
	function show(state) {
		box.querySelectorAll('[data-state]').forEach((el) => {
			el.hidden = !(el.dataset.state === state || (el.dataset.state === 'fallback' && state !== 'opening'));
		});
	}

	// goBack sends the flat members of an answer to the return address, under the gateway's own names.
	function goBack(answer) {
		const query = new URLSearchParams();
		for (const name of new Set([...Object.keys(answer || {}), 'code', 'message'])) {
			const value = answer && answer[name];
			if (['string', 'number', 'boolean'].includes(typeof value)) query.set(name, value);
		}
		location.assign(box.dataset.return + '?' + query);
	}

	// hidden puts a form with these fields into the page, in the place of an earlier one.
	function hidden(fields, more) {
		const form = Object.assign(document.createElement('form'), { id: 'launch-form', method: 'post', hidden: true }, more);
		for (const [name, value] of Object.entries(fields)) {
			form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
		}
		document.getElementById('launch-form')?.remove();
		box.append(form);
		return form;
	}

	const gateways = {
		// Its window takes a form in EUC-KR; our receive page inside the window calls result_submit. The script sets the form's target
		// once it could open the window.
		allat({ fields }) {
			const form = hidden(fields, { acceptCharset: 'euc-kr' });
			window.result_submit = (code, message, ticket) => {
				if (window.Allat_Mobile_Close) window.Allat_Mobile_Close();
				else window.AllatPay_Closechk_End();
				const said = { allat_result_cd: code, allat_result_msg: message || '', allat_enc_data: ticket || '' };
				hidden({ ...fields, ...said }, { action: box.dataset.return }).submit();
			};
			if (window.Allat_Mobile_Approval) window.Allat_Mobile_Approval(form, 0, 0);
			else window.AllatPay_Approval(form);
			if (!form.target) throw new Error('the window did not open');
			if (window.AllatPay_Closechk_Start) window.AllatPay_Closechk_Start(); // says so when the payer closes the window
			show('running');
		},
		// What it refuses comes with an event too, and a charged receipt inside data.
		bootpay(call) {
			return window.Bootpay.requestPayment(call).then((said) => ({ ...(said && said.data), ...said }), (said) => {
				if (said && said.event) return said;
				throw said;
			});
		},
		// It answers a callback, or leads away by redirect. PayPal's button is drawn into the page, and opens the window itself.
		portonev1({ code, uiType, ...rest }) {
			window.IMP.init(code);
			return new Promise((resolve) => {
				if (!uiType) {
					window.IMP.request_pay(rest, resolve);
					return;
				}
				const place = box.querySelector('.portone-ui-container') || document.createElement('div');
				place.className = 'portone-ui-container';
				place.dataset.portoneUiType = uiType;
				box.append(place);
				show('button');
				window.IMP.loadUI(uiType, rest, resolve);
			});
		},
		portonev2(call) {
			return window.PortOne.requestPayment(call);
		},
		toss({ clientKey, customerKey, ...rest }) {
			return window.TossPayments(clientKey).payment({ customerKey }).requestPayment({ windowTarget: 'self', ...rest });
		},
	};

	// open calls the gateway's script. With a full-page redirect it never comes back.
	async function open() {
		show('opening');
		try {
			const answer = await gateways[launch.gateway](launch.call);
			if (answer) goBack(answer);
		} catch (problem) {
			if (problem && problem.code) goBack(problem);
			else show('blocked');
		}
	}

	function load() {
		const script = document.createElement('script');
		script.src = launch.script;
		script.onload = start;
		script.onerror = () => show('broken');
		document.head.append(script);
	}

	// start opens the window at once, unless somebody came back here, or the window has to be opened by a click: then they are asked first.
	function start() {
		if (!gateways[launch.gateway] || (launch.classic && !window.AllatPay_Approval && !window.Allat_Mobile_Approval)) {
			show('broken');
			return;
		}
		const [visit] = performance.getEntriesByType('navigation');
		if (visit && visit.type !== 'navigate') show('running');
		else if (launch.classic) show('ready');
		else open();
	}

	box.addEventListener('click', (e) => {
		if (e.target.closest('[data-launch]')) open();
	});
	addEventListener('pageshow', (e) => {
		if (e.persisted) show('running');
	});
	show('opening');
	if (launch.classic) start(); // it stands in the page
	else load();
})();
