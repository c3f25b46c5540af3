// A real sign-in provider for tests: node oidc_provider.mjs TOOLS-FOLDER PORT REDIRECT-URL. Whoever signs in is in the groups that follow the
// name's first dash: "anna-arkiv" is in the group "arkiv".
const [tools, port, redirect] = process.argv.slice(2);
const { default: Provider } = await import(`${tools}/node_modules/oidc-provider/lib/index.js`);
const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  clients: [{ client_id: "arsring", client_secret: "hemlig-men-bara-i-prov", redirect_uris: [redirect], grant_types: ["authorization_code"], response_types: ["code"] }],
  claims: { openid: ["sub"], profile: ["name", "preferred_username", "groups"], email: ["email"] },
  pkce: { required: () => true },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: `Person ${id}`, preferred_username: id, email: `${id}@example.org`, groups: id.split("-").slice(1) }),
  }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
