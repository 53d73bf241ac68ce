/** Patterns as models write them, and odd ones, in Python's syntax; those that Python refuses too. */
export const patterns: readonly string[] = String.raw`
go to (?P<place>[a-z ]+)
go to (kitchen|hall|living room)
^go to (kitchen|hall)$
\Ago to \w+\Z
take (?P<object>\w+) from (?P<container>\w+)
take\s+(?P<object>.+?)\s+from\s+(?P<container>.+)
(?i)open (the )?door
(?i:OPEN) door
open(?: the)? door
look|look around
look( around)?
(look|watch) (at )?(.*)
dial \d{3}-\d{4}
dial [0-9]{3}[- ]?[0-9]{4}
set (?P<n>-?\d+(\.\d+)?) (kg|g)
say ".*"
say '[^']+'
say "([^"\\]|\\.)*"
answer\(.*\)
answer\[.+\]
submit\((?P<value>[^)]+)\)
[A-Z][a-z]*( [A-Z][a-z]*)*
[^\d\s]+
[\w\s]+
[\w \-']+
[\w,.\-!? ]+
[]x]+
[^]x]+
[\]x]+
[a\-z]+
[a-]+
[-a]+
[+*.?]+
[^\W\d_]+
[\D]+
[\S ]+
\D+
\W+
\S+
\s+
\S+ \S+
\bgo\b.*
.*\bkey\b.*
.*\Bkey
.+
.*
(?s).*
(?s)say .+
(?m)^go$
(?x) go \s to # comment
(?a)\w+
(?P<a>x)|(?P<b>y)
(a)|(b)|(c)
((a)(b)?)+
(a|ab)(c|bcd)(d*)
(a*)(a*)
(a*?)(a*)
(a|)?b
(|a)?b
(|a)??b
(a?)?b
(?:(a)|)?b
(?:(a)b|ac)
(a+?)(a*)
(?:a|b)*?c
a{2}
a{2,}
a{2,3}
a{0,3}?
a{
a{b}
a{1,b}
x*
x+?
x??
\.
\/
\-
\ 
\_
\"
\'
\<\>
\:
\#
\@
\é
\n
\t
\x41
\u00e9
\101
\0
\a
\e
(?P<name>x)(?P=name)
(x)\1
(?=x)x
(?!y)x
(?<=a)b
(?<!a)b
(?>a+)b
a++
a**
a*+
a?+b
a{2}{3}
(?#comment)x
(?i)é
(?i)straße
é+
[à-ü]+
gehe zu (?P<ort>\w+)
漢字|\w+
😀+
[😀-😎]
.
..
\w
\d
\d+ Münzen
[\d]+
[^\w]
[^\d]
[\w]
[\b]
\Z
go\Z
go$
$go
^
$
()
(
)
[
]
}
{
a|
|a
|
a||b
*
+a
?
(*)
\
(?P<a b>x)
(?P<a>x)(?P<a>y)
(?P<größe>x)
(?P<a-b>x)
(?:)
(?i)
(?u)\w
(?L)x
(?z)x
[z-a]
[a-\d]
[]
[^]
[a
(?P<a>x
(?P<>x)
x{1001}
(ab){1,2}
((a{1,3}){1,3}){1,3}
go to (?P<place>kitchen|hall)( quickly)?
pick up (?:the |a )?(?P<object>red key|blue key|key)
use (?P<a>[\w ]+) on (?P<b>[\w ]+)
(?P<verb>take|drop) (?P<object>[^ ]+)
write "(?P<text>[^"]*)" on (?P<page>page \d+)
inspect_(\w+)
step[1-9]\d*
(yes|no)[.!]?
move (north|south|east|west)( \d+ steps?)?
\$\d+\.\d{2}
\(\d+, \d+\)
C\+\+
a\\b
[\\/]+
[\[\]{}()]+
\^\$
^^a$$
a$b
a^b
(^a)
(a$)
(?:^|,)a
\ba
a\b
\b
go$*
^go ${0}home$*
\b+x
\Ax
\A?x
go\z
\pL
\p{L}
\Qx\E
(?<n>x)
(?P<1n>x)
[[:alpha:]]
[[:alpha:]]+
[^[:digit:]x]
a{2}+
a??+
x(?i)y
(?i)(?s)a
(?i-s:a)
(?-i)a
(?-i:a)
(?i:a)b
(?U)x*
[\d-z]
[\d-]
[a-z-9]
[--a]
[]-a]
\u41
\u0041
\U00000041
\400
\377
[\1]
[\9]
\8
\é
a{,}
a{}
x{,2}
(?:^)*a
(^)*a
a|*b
[a&&b]
\_
(?:a
(?)
(?-:a)
(?i-i:a)
[a\]b]+
[\^a]+
`
  .split("\n")
  .slice(1, -1);
