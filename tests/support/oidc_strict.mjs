// A certified OpenID provider (the package oidc-provider) on a port of the kernel's: `node oidc_strict.mjs REDIRECT_URI`.
// It prints its issuer. Its own pages for signing in take any name and password; the name is the subject.
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const people = { grace: { name: "Grace Strict", preferred_username: "grace", email: "grace@strict.example", email_verified: true } };
const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: "comment-widget", client_secret: "strict-client-secret-0123456789", redirect_uris: [process.argv[2]] }],
    claims: { openid: ["sub"], profile: ["name", "preferred_username"], email: ["email", "email_verified"] },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...people[sub] }) }),
    pkce: { required: () => true },
    cookies: { keys: ["only for tests"] },
  });
  server.on("request", provider.callback());
  console.log(`issuer ${issuer}`);
});
