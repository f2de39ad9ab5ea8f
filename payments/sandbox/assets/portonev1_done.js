// Tells the page around the payment window's frame what came of it.
'use strict';
(() => {
	const box = document.getElementById('result');
	window.parent.postMessage({ portonev1: JSON.parse(box.dataset.result) }, box.dataset.origin);
})();
