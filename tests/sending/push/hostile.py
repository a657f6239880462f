"""Endpoints that somebody makes up to have the board knock where they cannot, or at another's.

``HOSTILE`` holds at least a hundred; {port} is the canary's. Real subscriptions are in ``REAL``.
"""

# Every way to write this machine, this network and the cloud around it.
INSIDE = [
    "127.0.0.1", "127.0.0.2", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7f.1",
    "017700000001", "0177.0.0.1", "0177.1", "127.0.0.1.", "0", "0.0.0.0", "0x0", "00", "127.000.000.001", "127.0.0.01",
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
    "[::ffff:0:127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::127.0.0.1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]",
    "[2002:7f00:1::1]", "[2001:0:7f00:1::]", "[fec0::1]", "[fe80::1]", "[fe80::1%lo]", "[fe80::1%25lo]", "[::1%25lo]",
    "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[2001:db8::1]", "[3fff::1]", "[100::1]", "[::ffff:10.0.0.1]",
    "[::ffff:a9fe:a9fe]", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.1.254",
    "169.254.169.254", "169.254.170.2", "2852039166", "0xa9fea9fe", "100.64.0.1", "100.100.100.200", "192.0.0.192",
    "192.88.99.1", "198.18.0.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.0.2.1",
    "localhost", "LOCALHOST", "localhost.", "localhost.localdomain", "ip6-localhost", "metadata.google.internal",
    "foo.localhost", "router.lan", "board",
]  # fmt: skip

# Names that look like those of push services; whoever owns them lets them lead here.
LOOK_ALIKES = [
    "fcm.googleapis.com.evil.example", "evilfcm.googleapis.com", "x.fcm.googleapis.com", "fcm.googleapis.com.",
    "fcm.googleapis.com..", ".fcm.googleapis.com", "fcm..googleapis.com", "googleapis.com", "fcm-googleapis.com",
    "fcm.googleapis.co", "fcm.googleapis.comm", "push.services.mozilla.com", "evilpush.services.mozilla.com",
    "updates.push.services.mozilla.com.evil.example", "push.apple.com", "evil-push.apple.com", "notify.windows.com",
    "a.notify.windows.com.evil.example", "anotify.windows.com", "xn--fcm-googleapis-com.example",
    "xn--fm-vmc.googleapis.com", "xn--80ak6aa92e.push.apple.com", "a.XN--pple-43d.push.apple.com",
    "fсm.googleapis.com", "fcm.googleapıs.com", "fcm.googleapiſ.com", "ｆcm.googleapis.com",
    "fcm。googleapis.com", "ⓕcm.googleapis.com", "fcm.google\u200bapis.com", "fcm%2egoogleapis.com",
    "%66cm.googleapis.com", "fcm.googleapis.com%00.evil.example", "fcm.googleapis.com%2f.evil.example",
    "-.push.apple.com", "a_b.push.apple.com", "a-.push.apple.com",
]  # fmt: skip

# Another user, port, scheme or end of the host than the eye sees.
TRICKS = [
    "https://fcm.googleapis.com:{port}/fcm/send/x", "https://fcm.googleapis.com:80/x", "https://fcm.googleapis.com:0/x",
    "https://fcm.googleapis.com:65536/x", "https://fcm.googleapis.com:443443/x", "https://fcm.googleapis.com:/x",
    "https://fcm.googleapis.com:+443/x", "https://fcm.googleapis.com:４43/x", "http://fcm.googleapis.com/x",
    "http://fcm.googleapis.com:443/x", "https://fcm.googleapis.com@127.0.0.1:{port}/x",
    "https://fcm.googleapis.com:443@127.0.0.1:{port}/x", "https://a:b@fcm.googleapis.com/x",
    "https://@fcm.googleapis.com/x", "https://fcm.googleapis.com%40127.0.0.1:{port}/x",
    "https://127.0.0.1:{port}#@fcm.googleapis.com/x", "https://127.0.0.1:{port}?@fcm.googleapis.com/x",
    "https://127.0.0.1:{port}\\@fcm.googleapis.com/x", "https://fcm.googleapis.com\\@127.0.0.1:{port}/x",
    "https:\\\\fcm.googleapis.com\\x", "https:/\\127.0.0.1:{port}/x", "https:/fcm.googleapis.com/x",
    "https:fcm.googleapis.com/x", "https:///fcm.googleapis.com/x", "//fcm.googleapis.com/x", "fcm.googleapis.com/x",
    "https://fcm.googleapis.com", "https://fcm.googleapis.com?x", "https://fcm.googleapis.com/x#y",
    "https://fcm.googleapis.com/x#", "https://fcm.googleapis.com/\\..\\x", "https://fcm.googleapis.com/%zz",
    "https://fcm.googleapis.com\0.evil.example/x", "https://fcm.googleapis.com/\0",
    "https://fcm.googleapis.com\r\nHost: 127.0.0.1/x", "https://fcm.googleapis.com/x\r\nX-Other: 1",
    "https://fcm.googleapis.com/x\n", "https://fcm.googleapis.com/x\t", "https://fcm.\tgoogleapis.com/x",
    "https://fcm.googleapis.com/a b", " https://fcm.googleapis.com/x", "https://fcm.googleapis.com/x ",
    "ht\ntps://fcm.googleapis.com/x", "https://fcm.googleapis.com/é", "https://fcm.googleapis.com/ſ", "https://fcm.googleapis.com/\u2028",
    "https://fcm.googleapis.com/\x7f", "https://[fcm.googleapis.com]/x", "https://[::1]fcm.googleapis.com/x",
    "https://fcm.googleapis.com[::1]/x", "ftp://fcm.googleapis.com/x", "file:///etc/passwd", "gopher://127.0.0.1:{port}/x",
    "ws://127.0.0.1:{port}/x", "unix:///run/board.sock", "javascript:alert(1)", "data:,x", "", "https://", "https:///",
    "https://fcm.googleapis.com/" + "x" * 1000,
]  # fmt: skip

HOSTILE = [
    *(f"https://{host}/x" for host in INSIDE),
    *(f"http://{host}:{{port}}/x" for host in INSIDE),
    *(f"https://{host}/fcm/send/x" for host in LOOK_ALIKES),
    *TRICKS,
]

REAL = [
    "https://fcm.googleapis.com/fcm/send/cUr0:APA91bHn-x_Y%3A",
    "https://fcm.googleapis.com/wp/cUr0:APA91bHn-x_Y",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABl-x_Y=",
    "https://web.push.apple.com/QGuQyavXutnMH-x_Y",
    "https://wns2-par02p.notify.windows.com/w/?token=BQYAAAC%2fx%2b%3d%3D",
]
