/** The page: sign in, see the titles, ask for one. */
import { ask, signIn } from './client.js';
import { describe, inOrder } from './words.js';

const list = document.querySelector('#titles');

function row(item) {
  const line = document.createElement('li');
  const button = document.createElement('button');
  line.textContent = `${describe(item)} `;
  button.textContent = 'Ask for it';
  button.addEventListener('click', async () => {
    await ask('/api/requests', 'POST', { titleId: item.id });
    button.replaceWith('asked for');
  });
  line.append(button);
  return line;
}

document.querySelector('#login').addEventListener('submit', async (event) => {
  event.preventDefault();
  const { name, password } = Object.fromEntries(new FormData(event.target));
  try {
    await signIn(name, password);
    list.replaceChildren(...inOrder(await ask('/api/media')).map(row));
  } catch (problem) {
    list.textContent = problem.message;
  }
});
