// An identity provider: node provider.mjs CONFIG, where CONFIG is JSON with port, client (as it is registered) and
// groups (which those have whose name begins so).
import Provider from "oidc-provider";

const { port, client, groups } = JSON.parse(process.argv[2]);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [client],
  claims: { openid: ["sub"], profile: ["name"], groups: ["groups"] },
  features: { backchannelLogout: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  fetch: (url, { dispatcher, ...options }) => fetch(url, options), // it may ask this machine: Kring is here
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: `${id} van Voorbeeld`, groups: groups[id] ?? [] }),
  }),
});
provider.listen(port, "127.0.0.1", () => console.log("ready"));
