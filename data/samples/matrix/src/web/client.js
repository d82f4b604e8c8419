/** Talk to the service; the token lives in memory only. */
let session = null;

/** The answer's JSON; throws with the service's own words. */
export async function ask(path, method = 'GET', body = undefined) {
  const headers = { ...(session && { authorization: `Bearer ${session.token}` }) };
  if (body) headers['content-type'] = 'application/json';
  const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  const found = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw new Error(found.error);
  return found;
}

export async function signIn(name, password) {
  session = await ask('/login', 'POST', { name, password });
}
