"""Which sites search, sell, connect people or show films: the four kinds that the default grouping of channels asks for.

Names are those of a site whatever its country and subdomain ("facebook" is m.facebook.com, too); a name with a dot is one host
or domain and goes before them. An installation can bring a longer list of its own.
"""

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """What a site is for."""

    SEARCH = "search"
    SHOPPING = "shopping"
    SOCIAL = "social"
    VIDEO = "video"


SEARCH = """
360.cn alice aol ask auone avg babylon baidu biglobe bing brave centrum cnn comcast conduit daum dogpile duck.com
duckduckgo ecosia eniro exalead excite firmy.cz globo goo google google-play incredimail kagi kvasir lycos mail.ru
metager mojeek msn najdi naver onet qwant rakuten rambler search-results search.smt.docomo.ne.jp seznam so.com sogou
startpage startsiden swisscows terra tut.by ukr ukr.net virgilio yahoo yandex
"""

SHOPPING = """
alibaba amazon amazon-adsystem amazonaws.com ebay etsy mercadolibre shop.app shopify shopping shopping.naver.com
shopping.yahoo.co.jp shopping.yahoo.com shopzilla simplycodes stripe walmart
"""

SOCIAL = """
43things 51 5ch academia activerain activeworlds addthis allnurses allrecipes ameba ameblo ancestry anobii answerbag
answers answers.yahoo.com artstation askubuntu asmallworld athlinks babyblog badoo bebo bit.ly blackplanet blip.fm
blog.com blog.goo.ne.jp blog.naver.com blog.yahoo.co.jp blogg blogger blogher bloglines blogs.com blogspot blogster
bluesky blurtit bookmarks.yahoo.co.jp bookmarks.yahoo.com brightkite bsky buzzfeed buzznet cafe.naver.com cafemom
canalblog care.com care2 caringbridge catster chegg chiebukuro.yahoo.co.jp classmates cocolog-nifty couchsurfing
cozycot crackberry crunchyroll cyworld dailystrength deviantart dianping digg diigo discord discover.hubpages.com
disqus dogster doostang douban draugiem dzone edublogs elftown epicurious everforo exblog facebook faceparty fandom
fanpop fark fb fb.me fc2 feedspot feministing filmaffinity flickr flipboard foodservice fotki fotolog foursquare
friendfeed fubar gaiaonline gamerdna gather.com geni getpocket glassdoor goldenline goo.gl gooblog goodreads google+
googlegroups googleplus govloop gowalla gree groups.google.com gutefrage habbo hatena hi5 hootsuite houzz hubculture
hubpages hyves ibibo identi.ca ig imageshack imvu insanejournal instagram instapaper internations interpals intherooms
irc-galleria is.gd italki jappy kaboodle kakao kakaocorp kaneva kin.naver.com last.fm librarything lifestream.aol.com
line line.me linkedin listal listography livedoor livedoorblog livejournal lnkd.in mastodon mbga.jp medium meetin
meetup meinvz meneame messages.google.com messages.yahoo.co.jp messenger mix.com mixi mocospace mouthshut movabletype
mubi my.opera.com myanimelist myheritage mylife mymodernmet myspace netvibes nexopia niconico nicovideo nightlifelink
ning odnoklassniki okwave.jp onstartups opendiary oshiete.goo.ne.jp over-blog overblog paper.li partyflock photobucket
pinboard pinterest pixiv plurk plus.google.com plus.url.google.com pocket posterous pulse.yahoo.com quechup quora
qzone.qq.com ravelry reddit renren researchgate reunion reverbnation ryze scoop screenrant scribd scvngr secondlife
serverfault shareit sharethis sites.google.com skype skyrock slashdot slideshare smartnews snapchat social sociallife
spaces.live.com spoke spruz ssense stackapps stackexchange stackoverflow stardoll stickam studivz stumbleupon suomi24
superuser t.co t.me tagged talkbiznow taringa techmeme telegram tencent threads.net tiktok tinyurl toolbox
travellerspoint tripadvisor trombi trustpilot tudou tuenti tumblr tweetdeck twitter twoo typepad urbanspoon ushareit
vampirefreaks vampirerave viadeo vk vkontakte.ru wakoopa wattpad webshots wechat weebly weibo weread whatsapp wikihow
wikitravel woot wordpress wordpress.com wordpress.org x.com xanga xiaohongshu xing yahoo-mbga.jp yammer ycombinator
yelp zalo zoo zooppa
"""

VIDEO = """
crackle curiositystream d.tube dailymotion disneyplus hulu iq.com iqiyi justin.tv netflix odysee rumble ted twitch
utreon veoh viadeo.journaldunet.com vimeo wistia youku youtu.be youtube
"""

TABS = frozenset({"google shopping", "google-shopping", "googleshopping", "igshopping"})
"""Sources that a platform writes by itself into links of its unpaid listings; no company types them."""

SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gov", "ne", "net", "or", "org"})
"""What stands between a name and a country, as in amazon.co.uk."""

SITES: dict[str, Kind] = {
    **dict.fromkeys(SOCIAL.split(), Kind.SOCIAL),
    **dict.fromkeys(VIDEO.split(), Kind.VIDEO),
    **dict.fromkeys(SHOPPING.split(), Kind.SHOPPING),
    **dict.fromkeys(SEARCH.split(), Kind.SEARCH),
    **dict.fromkeys(TABS, Kind.SHOPPING),
}
"""Lower-case names and hosts with what they are for."""


def kind_of(source: str, sites: Mapping[str, Kind] = SITES) -> Kind | None:
    """What a source is for: a name, or a host with any subdomain; the longest entry that fits decides. Case is ignored."""
    host = source.strip().lower().removeprefix("www.")
    labels = host.split(".")
    for first in range(len(labels)):
        if found := sites.get(".".join(labels[first:])):
            return found
    return sites.get(_name(labels)) if len(labels) > 1 else None


def _name(labels: list[str]) -> str:
    """The label before the domain that anybody can register under."""
    has_second = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL
    return labels[-3 if has_second else -2]
