"""The statement on accessibility as it begins: editors make it true for their site, and name who runs it.

Its parts are those that the Dutch decree on digital accessibility of the public sector asks for (Besluit digitale
toegankelijkheid overheid): the state of things, what is not right yet, how that is known, and where to complain.
"""

from typing import Final

ACCESSIBILITY_NL: Final = """\
Iedereen moet deze site kunnen gebruiken: met alleen een toetsenbord, met een schermlezer, sterk vergroot, op een \
kleine telefoon en zonder JavaScript. De wet vraagt dat van overheden, en wij vinden het gewoon. De maat is WCAG 2.2, \
niveau AA.

## Hoe het ervoor staat

De eerste maatregelen zijn genomen. Een onafhankelijk onderzoek is er nog niet. Wij kunnen dus nog niet zeggen dat \
alles goed is.

## Wat nog niet goed is

- Bestanden die organisatoren toevoegen, zoals een pdf of een presentatie, zijn niet altijd te lezen met een \
schermlezer. Vraag het contact van de bijeenkomst om een andere vorm.
- De deelnemerslijst als pdf is niet gemaakt voor een schermlezer. Dezelfde lijst staat op het scherm, en is er als \
CSV-bestand en als rekenblad.
- Niet elke tekst is er in twee talen. De pagina zegt dat er dan bij.
- Wij verwijzen naar sites en agendaprogramma's van anderen. Daar gaan wij niet over.

## Hoe wij dat weten

Bij elke wijziging bekijken programma's elke pagina van deze site: op de regels van WCAG, op een scherm van 320 pixels \
breed, met grotere letters, met hoog contrast en met alleen het toetsenbord. Programma's vinden niet alles. \
Daarom horen wij graag van u wat er niet goed gaat.

## Lukt iets niet?

Mail {naam}: [{e-mail}](mailto:{e-mail}). Schrijf om welke pagina het gaat en wat er niet lukt. U krijgt binnen \
vijf werkdagen antwoord. Wij helpen u meteen verder, en lossen het daarna op voor iedereen.

Bent u niet tevreden met ons antwoord? Dan kunt u een klacht indienen bij de \
Nationale ombudsman (nationaleombudsman.nl).
"""

ACCESSIBILITY_EN: Final = """\
Everyone must be able to use this site: with a keyboard only, with a screen reader, much enlarged, on a small phone \
and without JavaScript. The law asks this of public bodies, and to us it goes without saying. The measure is WCAG 2.2, \
level AA.

## Where we stand

The first measures are taken. There has been no independent audit yet. So we cannot say yet that everything is right.

## What is not right yet

- Files that organisers add, such as a PDF or slides, cannot always be read with a screen reader. Ask the contact of \
the meeting for another form.
- The attendee list as a PDF is not made for a screen reader. The same list is there on the screen, and as a CSV file \
and a spreadsheet.
- Not every text is there in two languages. The page then says so.
- We link to sites and calendar programs of others. These are not ours to mend.

## How we know

At every change programs look at every page of this site: by the rules of WCAG, on a screen of 320 pixels wide, with \
larger letters, in high contrast and with the keyboard only. Programs do not find everything. So please tell us \
what goes wrong.

## Is something difficult for you?

Mail {name}: [{e-mail}](mailto:{e-mail}). Write which page it is about and what does not work. You get \
an answer within five working days. We help you at once, and then mend it for everyone.

Are you not satisfied with our answer? Then you can complain to the \
National Ombudsman of the Netherlands (nationaleombudsman.nl).
"""
