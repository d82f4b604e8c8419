/** Every refusal is an object with the reason in `error`. */
export function refuse(res, status, error) {
  return res.status(status).json({ error });
}
