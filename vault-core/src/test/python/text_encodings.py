"""What Python's text codecs do, for the tests and the tables of io.kohakuvault.internal.charset.

text_encodings.py tables FOLDER    writes aliases.txt and single-byte.txt as they stand in the resources
text_encodings.py checksums        prints a CRC-32 of everything that each codec encodes and decodes, as TextEncodingTest computes it
text_encodings.py texts SEED N FILE  writes N random texts and bytes for each codec, with what it makes of them
text_encodings.py names FILE       writes spellings of encodings, and which codec each is
"""
import codecs
import encodings.aliases
import random
import sys
import zlib

UNICODE = ['utf_8', 'utf_8_sig', 'utf_16', 'utf_16_le', 'utf_16_be', 'utf_32', 'utf_32_le', 'utf_32_be', 'utf_7']
SINGLE = """ascii latin_1
cp037 cp273 cp424 cp437 cp500 cp720 cp737 cp775 cp850 cp852 cp855 cp856 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865 cp866
cp869 cp874 cp875 cp1006 cp1026 cp1125 cp1140 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258
hp_roman8 iso8859_2 iso8859_3 iso8859_4 iso8859_5 iso8859_6 iso8859_7 iso8859_8 iso8859_9 iso8859_10 iso8859_11 iso8859_13
iso8859_14 iso8859_15 iso8859_16 koi8_r koi8_t koi8_u kz1048 mac_arabic mac_croatian mac_cyrillic mac_farsi mac_greek
mac_iceland mac_latin2 mac_roman mac_romanian mac_turkish palmos ptcp154 tis_620""".split()
MULTI = ['big5', 'big5hkscs', 'cp932', 'cp949', 'cp950', 'euc_jp', 'euc_kr', 'gb18030', 'gb2312', 'gbk', 'johab', 'shift_jis',
         'shift_jis_2004', 'shift_jisx0213']
STATEFUL = ['iso2022_jp', 'iso2022_jp_1', 'iso2022_jp_2', 'iso2022_jp_ext', 'iso2022_kr']
ALL = UNICODE + SINGLE + MULTI + STATEFUL


def decoded(data, name):
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        return None
    return None if any(0xD800 <= ord(c) < 0xE000 for c in text) else text  # UTF-7 lets them pass


def encoded(text, name):
    """None also for what reads back as another text: Java refuses that, and Python does not."""
    try:
        data = text.encode(name)
    except UnicodeEncodeError:
        return None
    return data if decoded(data, name) == text else None


def tables(folder):
    with open(folder + '/aliases.txt', 'w') as out:
        out.write('# Names of text encodings as encodings.aliases of CPython has them; made by text_encodings.py.\n')
        for name in ALL:
            names = sorted(a for a, target in encodings.aliases.aliases.items() if target == name and a != name)
            out.write(' '.join([name] + names) + '\n')
    with open(folder + '/single-byte.txt', 'w') as out:
        out.write('# What the bytes 00 to FF are in each encoding: a code point, with +n for n more that follow it, -n for n bytes\n'
                  '# that are nothing. Made by text_encodings.py from the codecs of CPython.\n')
        for name in SINGLE[2:]:
            points = [decoded(bytes([b]), name) for b in range(256)]
            runs = []
            for p in points:
                if p is None:
                    if runs and runs[-1][0] is None:
                        runs[-1][1] += 1
                    else:
                        runs.append([None, 1])
                elif runs and runs[-1][0] is not None and runs[-1][0] + runs[-1][1] == ord(p):
                    runs[-1][1] += 1
                else:
                    runs.append([ord(p), 1])
            out.write(name + ' ' + ' '.join(
                '-%d' % n if first is None else '%04X' % first + ('+%d' % (n - 1) if n > 1 else '') for first, n in runs) + '\n')


def checksum(name):
    """Over every code point encoded alone, then over every one and two bytes decoded, and of some encodings three and four."""
    crc = 0
    last = 0x110000 if name in UNICODE or name == 'gb18030' else 0x30000  # the others have nothing above
    for point in list(range(0xD800)) + list(range(0xE000, last)):
        data = encoded(chr(point), name)
        if data is not None:
            crc = zlib.crc32(b'%x=%s;' % (point, data.hex().encode()), crc)
    sequences = [bytes([b]) for b in range(256)] + [bytes([b, c]) for b in range(256) for c in range(256)]
    if name == 'euc_jp':
        sequences += [bytes([0x8F, b, c]) for b in range(256) for c in range(256)]
    if name == 'gb18030':
        sequences += [bytes([b, c, d, e]) for b in range(0x81, 0xFF) for c in range(0x30, 0x3A)
                      for d in range(0x81, 0xFF) for e in range(0x30, 0x3A)]
    for data in sequences:
        text = decoded(data, name)
        if text is not None:
            points = ','.join('%x' % ord(c) for c in text)
            crc = zlib.crc32(b'%s=%s;' % (data.hex().encode(), points.encode()), crc)
    return crc


def texts(seed, count, path):
    """Lines NAME encode|decode INPUT OUTPUT: code points in hexadecimal with commas, bytes in hexadecimal, ! for what is refused."""
    rnd = random.Random(seed)
    escapes = [b'\x1b(B', b'\x1b(J', b'\x1b(I', b'\x1b$@', b'\x1b$B', b'\x1b$(D', b'\x1b$A', b'\x1b$(C', b'\x1b$)C', b'\x1b.A', b'\x1b.F',
               b'\x1bN', b'\x0e', b'\x0f', b'\n', b'\x1b', b'\x1b&@\x1b$B', b'+', b'-', b'+AGE', b'+2AA', b'+3AA', b'\xa4\xd4',
               b'\xff\xfe', b'\xfe\xff', b'\xef\xbb\xbf', b'\x00\x00', b'\xff\xfe\x00\x00']
    with open(path, 'w') as out:
        for name in ALL:
            alphabet = []  # without U+0000, before which Python cannot write some kana of JIS X 0213
            while len(alphabet) < 40:
                p = rnd.choice([rnd.randrange(1, 0x80), rnd.randrange(0x500), rnd.randrange(0x3000, 0x3200), rnd.randrange(0x4E00, 0xA000),
                                rnd.randrange(0xAC00, 0xD7A4), rnd.randrange(0xFF00, 0x10000), rnd.randrange(0x10000, 0x30000),
                                rnd.choice([0x304B, 0x309A, 0xE6, 0x300, 0x301, 0x254, 0xCA, 0x304, 0x30C, 0xA5, 0x203E, 0xFEFF, 0xBD])])
                if encoded(chr(p), name) is not None:
                    alphabet.append(chr(p))
            for _ in range(count):
                text = ''.join(rnd.choice(alphabet) for _ in range(rnd.randrange(12)))
                if rnd.randrange(10) == 0:
                    text += chr(rnd.randrange(0xE000, 0x110000))
                data = encoded(text, name)
                points = ','.join('%x' % ord(c) for c in text)
                out.write('%s encode %s %s\n' % (name, points or '-', '!' if data is None else data.hex() or '-'))
                noise = bytearray(data or b'')
                for _ in range(rnd.randrange(4)):
                    at = rnd.randrange(len(noise) + 1)
                    if rnd.randrange(2):
                        noise[at:at] = rnd.choice(escapes)
                    elif rnd.randrange(2):
                        noise[at:at + 1] = bytes([rnd.randrange(256)])
                    else:
                        del noise[at:at + 1]
                found = decoded(bytes(noise), name)
                points = '!' if found is None else ','.join('%x' % ord(c) for c in found) or '-'
                out.write('%s decode %s %s\n' % (name, noise.hex() or '-', points))


def names(path):
    """Every spelling that Python's aliases give, and what codec it is; spellings of no text codec with !."""
    with open(path, 'w') as out:
        spellings = set(ALL) | set(encodings.aliases.aliases) | {'latin 1', 'l1', 'L1', 'u8', 'EUC-KR', 'euckr', 'ISO 8859-15', '_utf_8', 'Shift--JIS',
                                                                 'utf.8', 'UTF-16-LE', 'Cp1252 ', 'iso-ir-100', 'cp-1252', 'nosuch', '', 'utf8é'}
        for spelling in sorted(spellings):
            try:
                info = codecs.lookup(spelling)
                target = info.name if info._is_text_encoding else '!'
            except LookupError:
                target = '!'
            out.write('%s\t%s\n' % (spelling, target))


if __name__ == '__main__':
    command = sys.argv[1]
    if command == 'tables':
        tables(sys.argv[2])
    elif command == 'checksums':
        for encoding in ALL:
            print(encoding, '%08x' % checksum(encoding), flush=True)
    elif command == 'texts':
        texts(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
    else:
        names(sys.argv[2])
