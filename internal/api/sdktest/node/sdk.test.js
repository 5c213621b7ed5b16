// Drives a server with Microsoft's Node SDK for Kusto, unmodified. TestKustoNode in cmd/harrier starts the server,
// installs what package-lock.json names and runs this file.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, ClientRequestProperties, KustoConnectionStringBuilder } from "azure-kusto-data";

const url = process.env.HARRIER_SDK_URL;
if (!url) throw new Error("HARRIER_SDK_URL is not set: these tests are run by TestKustoNode of cmd/harrier");
const connect = (token) => new Client(KustoConnectionStringBuilder.withAccessToken(url, token));
const client = connect(process.env.HARRIER_SDK_TOKEN);
const db = "Harrier";
const rowsOf = (response) => [...response.primaryResults[0].rows()];
const ask = async (text, properties) => rowsOf(await client.execute(db, text, properties));
const said = (error) => JSON.stringify(error.response?.data ?? error.message);

test("rows that were ingested", async () => {
    const rows = await ask("DeviceInfo | project Timestamp, DeviceName");
    assert.equal(rows.length, 1);
    assert.equal(rows[0].DeviceName, "alpha");
    assert.ok(rows[0].Timestamp instanceof Date && Date.now() - rows[0].Timestamp < 86400e3);
});

test("many rows", async () => {
    const rows = await ask("range x from 1 to 20000 step 1 | order by x asc");
    assert.equal(rows.length, 20000);
    rows.forEach((r, i) => assert.equal(r.x, i + 1));
});

const values = `print b=true, i=int(-2147483648), l=9007199254740991, r=1e-300, m=decimal(0.1234567890123456789), d=datetime(2018-07-09T07:16:26.801Z),
    t=timespan(1.02:03:04.5), g=guid(74be27de-1e4e-49d9-b579-fe0b331d3642), s='q"\\\\ \\n😀', y=dynamic({"a":[1,null,{"b":"c"}]}), n=real(nan), p=real(+inf), q=real(-inf)`;
const nulls = "print b=bool(null), i=int(null), l=long(null), r=real(null), m=decimal(null), d=datetime(null), t=timespan(null), g=guid(null), s='', y=dynamic(null)";

for (const protocol of ["v2", "v1"]) {
    const run = async (text) => rowsOf(protocol === "v2" ? await client.executeQuery(db, text) : await client.executeQueryV1(db, text))[0];
    test(`every type, ${protocol}`, async () => {
        const v = await run(values);
        assert.equal(v.b, true);
        assert.equal(v.i, -2147483648);
        assert.equal(v.l, 9007199254740991);
        assert.equal(v.r, 1e-300);
        assert.equal(v.m, "0.1234567890123456789");
        assert.equal(v.d.toISOString(), "2018-07-09T07:16:26.801Z");
        assert.equal(v.t, ((26 * 60 + 3) * 60 + 4.5) * 1000);
        assert.equal(v.g, "74be27de-1e4e-49d9-b579-fe0b331d3642");
        assert.equal(v.s, 'q"\\ \n😀');
        assert.deepEqual(v.y, { a: [1, null, { b: "c" }] });
        assert.deepEqual([v.n, v.p, v.q], ["NaN", "Infinity", "-Infinity"]);
        const none = await run(nulls);
        for (const name of "bilrmdtgy") assert.equal(none[name], null, name);
        assert.equal(none.s, "");
    });
}

for (const protocol of ["v2", "v1"]) {
    const run = async (text) => rowsOf(protocol === "v2" ? await client.executeQuery(db, text) : await client.executeQueryV1(db, text));
    test(`extremes, ${protocol}`, async () => {
        const [v] = await run(`print b=false, i=int(2147483647), r=real(1.7976931348623157e308), m=decimal(-1234567890123456789012345678.901234), d=datetime(9999-12-31T23:59:59.999Z),
            e=datetime(0001-01-01), t=timespan(-1.02:03:04.5), g=guid(ffffffff-ffff-ffff-ffff-ffffffffffff), s='\\u0000\\u2028', y=dynamic([[[{"a":{"b":[{}, [], "", -0.5, true, null]}}]]]),
            z=dynamic("text"), l=tostring(long(-9223372036854775808))`);
        assert.deepEqual([v.b, v.i, v.r, v.m], [false, 2147483647, Number.MAX_VALUE, "-1234567890123456789012345678.901234"]);
        assert.equal(v.d.toISOString(), "9999-12-31T23:59:59.999Z");
        assert.equal(v.e.toISOString(), "0001-01-01T00:00:00.000Z");
        assert.equal(v.t, -((26 * 60 + 3) * 60 + 4.5) * 1000);
        assert.deepEqual([v.g, v.s, v.l], ["ffffffff-ffff-ffff-ffff-ffffffffffff", "\u0000\u2028", "-9223372036854775808"]);
        assert.deepEqual(v.y, [[[{ a: { b: [{}, [], "", -0.5, true, null] } }]]]);
        assert.equal(v.z, "text");
        assert.equal((await run("DeviceInfo | where DeviceName == 'nobody'")).length, 0);
    });
}

test("hostile parameters stay values", async () => {
    for (const text of ["'", '"', "\\", "'; DeviceInfo", '" // ', "'a' // b", "'a';", 'x" | union DeviceInfo //', "long(1)", "dynamic({})", "a\0b", ".show tables", " "]) {
        const properties = new ClientRequestProperties();
        properties.setParameter("p", text);
        const rows = await ask("declare query_parameters(p:string); print s = p", properties);
        assert.deepEqual(rows.map((r) => r.s), [text]);
    }
});

test("a long beyond 2^53 arrives with all its digits", async () => {
    const properties = new ClientRequestProperties();
    properties.raw = true;
    // The SDK reads JSON numbers as doubles; tostring() is how its users ask for more.
    assert.equal((await ask("print l = tostring(9007199254740993)"))[0].l, "9007199254740993");
    const raw = await client.execute(db, "print l = 9007199254740993", properties);
    assert.equal(raw.find((f) => f.TableKind === "PrimaryResult").Columns[0].ColumnType, "long");
});

test("parameters", async () => {
    const properties = new ClientRequestProperties();
    const text = "it's \"quoted\" \\ and\nmore 😀 | take 1";
    for (const [name, v] of Object.entries({ s: text, l: 42, q: JSON.stringify("in quotes"), d: "datetime(2024-02-29T23:59:59.123Z)", t: "1.5h", y: 'dynamic(["a", 1])', b: "true", r: "1.5",
        g: "guid(74be27de-1e4e-49d9-b579-fe0b331d3642)", m: "decimal(12.25)", raw: [1, { a: null }], flag: false, half: 0.5 })) properties.setParameter(name, v);
    const [v] = await ask(`declare query_parameters(s:string, l:long, q:string, d:datetime, t:timespan, y:dynamic, b:bool, r:real, g:guid, m:decimal, raw:dynamic, flag:bool, half:real, more:long = 7);
        print s, l, q, d, t, y, b, r, g, m, raw, flag, half, more`, properties);
    assert.equal(v.s ?? v.print_0, text);
    const all = [...v.values()];
    assert.deepEqual(all, [text, 42, "in quotes", "2024-02-29T23:59:59.123Z", "01:30:00", ["a", 1], true, 1.5, "74be27de-1e4e-49d9-b579-fe0b331d3642", "12.25", [1, { a: null }], false, 0.5, 7]);
});

test("a wrong parameter is named", async () => {
    const properties = new ClientRequestProperties();
    properties.setParameter("when", "yesterday");
    await assert.rejects(ask("declare query_parameters(when:datetime); print when", properties), (e) => e.response.status === 400 && said(e).includes("query parameter 'when'"));
});

test("options", async () => {
    const properties = new ClientRequestProperties({ query_take_max_records: 2, query_now: "2020-01-02T03:04:05Z" });
    properties.setTimeout(60000);
    const rows = await ask("range x from 1 to 9 step 1 | extend t = now()", properties);
    assert.equal(rows.length, 2);
    assert.equal(rows[0].t.toISOString(), "2020-01-02T03:04:05.000Z");
});

for (const protocol of ["execute", "executeQueryV1"]) {
    test(`several results, ${protocol}`, async () => {
        const answer = await client[protocol](db, "print x = 1; range y from 1 to 5 step 1 | fork Rows = (count) (where y > 3 | as Late)");
        assert.deepEqual(answer.primaryResults.map((t) => t.name), ["PrimaryResult", "Rows", "Late"]);
        assert.deepEqual(answer.primaryResults.map((t) => [...t.rows()].map((r) => r.getValueAt(0))), [[1], [5], [4, 5]]);
    });
}

test("commands", async () => {
    const first = async (text) => rowsOf(await client.execute(db, text))[0];
    assert.equal((await first(".show databases")).DatabaseName, "Harrier");
    assert.equal((await first(".show tables | where TableName == 'DeviceEvents'")).TableName, "DeviceEvents");
    assert.match((await first(".show table DeviceInfo cslschema")).Schema, /Timestamp:datetime, DeviceId:string/);
    const schema = JSON.parse((await first(".show database Harrier schema as json")).DatabaseSchema);
    assert.ok(Object.keys(schema.Databases.Harrier.Tables).length > 60);
    const flat = rowsOf(await client.executeMgmt(db, ".show databases schema"));
    assert.ok(flat.length > 1000);
    assert.equal(rowsOf(await client.executeQueryV1(db, ".show databases schema")).length, flat.length);
});

test("errors", async () => {
    const refused = (status, ...words) => (e) => e.response?.status === status && words.every((w) => said(e).includes(w));
    await assert.rejects(ask("DeviceInfo | where Nope == 1"), refused(400, "SEM0100", "innererror", "'Nope'"));
    await assert.rejects(ask("DeviceInfo |\n where ("), refused(400, "SYN0002", '"@line":2'));
    await assert.rejects(client.execute("Samples", "print 1"), refused(400, "Entity ID 'Samples' of kind 'Database' was not found"));
    await assert.rejects(client.execute(db, ".drop table DeviceInfo"), refused(400, ".show tables"));
    await assert.rejects(connect(process.env.HARRIER_SDK_BAD_TOKEN).execute(db, "print 1"), refused(401));
    await assert.rejects(connect(process.env.HARRIER_SDK_WEAK_TOKEN).execute(db, "print 1"), refused(403, "AdvancedHunting.Read.All"));
    const short = new ClientRequestProperties();
    short.setTimeout(200);
    await assert.rejects(ask("range x from 1 to 10000000 step 1 | extend h = hash_sha256(tostring(x)) | summarize max(h)", short), refused(504));
});

test("a partial failure", async () => {
    await assert.rejects(ask("range x from 1 to 9 step 1", new ClientRequestProperties({ truncationmaxrecords: 3 })), /E_QUERY_RESULT_SET_TOO_LARGE/);
});

test("throttling", async () => {
    const limited = connect(process.env.HARRIER_SDK_LIMITED_TOKEN);
    for (let i = 0; i < 15; i++) await limited.execute(db, "print 1");
    await assert.rejects(limited.execute(db, "print 1"), (e) => e.name === "ThrottlingError" && e.inner.response.headers["retry-after"] !== undefined);
});
