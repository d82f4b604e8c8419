/** A steady load of thirty users: search, look, ask, withdraw. usage: node ops/load.js URL SECONDS */
const [base, seconds] = [process.argv[2], Number(process.argv[3])];
const until = Date.now() + 1000 * seconds;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function ask(path, { method = 'GET', token, body } = {}) {
  const headers = { ...(token && { authorization: `Bearer ${token}` }), ...(body && { 'content-type': 'application/json' }) };
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await fetch(base + path, { method, headers, body: body && JSON.stringify(body) });
      return answer.status === 204 ? null : await answer.json();
    } catch (problem) {
      if (attempt === 5) throw problem; // a connection that was closed while idle is opened anew
      await pause(200);
    }
  }
}

const login = () => ask('/login', { method: 'POST', body: { name: 'soak', password: 'soak' } });

async function user(number) {
  let session = await login();
  while (Date.now() < until) {
    session = await ask('/token', { method: 'POST', body: { refresh: session.refresh } });
    if (!session.token) session = await login();
    const token = session.token;
    await ask('/api/media?search=lighthouse', { token });
    const made = await ask('/api/requests', { method: 'POST', token, body: { titleId: 1 + (number % 5) } });
    await ask('/api/requests', { token });
    await ask(`/api/requests/${made.id}`, { method: 'DELETE', token });
    await pause(100);
  }
}

await Promise.all(Array.from({ length: 30 }, (_, number) => user(number)));
