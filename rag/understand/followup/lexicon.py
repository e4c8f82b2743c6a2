"""Words by what they do in a question, and forms of irregular verbs."""

from __future__ import annotations


def listed(text: str) -> frozenset[str]:
    """The words of `text`, as a set."""
    return frozenset(text.split())


WH = listed("who whom whose what which when where why how")
AUXILIARIES = listed(
    """
    is are was were be been being am do does did has have had will would can could shall should may might must isn't
    aren't wasn't weren't doesn't don't didn't hasn't haven't hadn't won't wouldn't can't couldn't
    """
)
PREPOSITIONS = listed(
    """
    of in at on for from to with without by under over against about after before between during since until near
    behind below above across into onto through among outside inside within along around beyond despite like per via
    amid toward towards off out up down as than regarding concerning worth
    """
)
PRONOUNS = listed(
    """
    i me my mine you your yours we us our ours he him his she her hers it its they them their theirs himself herself
    itself themselves anybody anyone anything somebody someone something nobody nothing everyone everything one ones
    """
)
DETERMINERS = listed(
    """
    a an the this that these those any some each every no all both many much more most few several other another
    """
)
JOINING = listed(
    """
    and or but nor so if that because while although though whether then there not also too only just even still yet
    else
    """
)
FUNCTION = (
    WH
    | AUXILIARIES
    | PREPOSITIONS
    | PRONOUNS
    | DETERMINERS
    | JOINING
    | listed("according say says said tell told please away back together ago s t")
)
"""Words without content of their own."""
VAGUE = listed(
    """
    happen happens happened thing things people person way ways kind sort long old far big often high new news name
    called think thinks thought mean means meant react reacted respond responded comment write writes wrote report
    reports reported
    """
)
"""Words of content that point to no topic."""
MONTHS = listed(
    """
    january february march april may june july august september october november december
    """
)
WEEKDAYS = listed("monday tuesday wednesday thursday friday saturday sunday")
VERBS = listed(
    """
    appoint back bomb condemn endorse fine invade jail sanction adopt draw
    accept accuse add agree allow announce appeal approve argue arrest arrive ask attack attend ban base become begin
    believe bring build buy call cancel carry cause change charge choose claim close come complain cost criticise
    criticize cut damage deal decide declare defeat defend delay deliver demand deny destroy die do earn elect end
    escape expect explain face fail fall fight find finish fire fly follow force get give go grow happen have help hit
    hold host hope hurt increase injure join keep kill know land last launch lead leave lie live lose make manage mark
    mean meet miss move need offer open oppose order pay plan play plead postpone prefer promise propose prove publish
    pull push put raise reach react read receive refuse reject release remain remember remove repair replace reply
    report request resign respond respect rise rule run say score see seek sell send serve set show sign speak spend
    spoil spread stand start state stay steal stop strike suffer suggest supply support survive suspend return retire
    hire fund seize sue veto vow evacuate inspect investigate measure rescue reopen shut sink shoot sentence award
    attract affect contain cover create dismiss estimate exceed flee guarantee ignore impose insist intend involve
    limit list look mention merge mock notice oversee permit possess prepare prevent protect reduce refer represent
    require resume reveal settle share spot struggle treat win take talk tell test think threaten trade try turn use
    visit vote wait walk want warn watch withdraw work write
    """
)
"""Verbs as they stand after "did": where a name or a noun before them ends."""
_FORMS = """
    won:win lost:lose took:take taken:take gave:give given:give began:begin begun:begin left:leave fell:fall
    fallen:fall rose:rise risen:rise said:say told:tell paid:pay sold:sell bought:buy brought:bring caught:catch
    held:hold kept:keep led:lead made:make met:meet sent:send spent:spend stood:stand struck:strike stole:steal
    stolen:steal shot:shoot spoke:speak spoken:speak broke:break broken:break built:build chose:choose chosen:choose
    came:come went:go gone:go got:get grew:grow grown:grow knew:know known:know saw:see seen:see ran:run sank:sink
    sunk:sink flew:fly flown:fly found:find fought:fight felt:feel thought:think taught:teach threw:throw thrown:throw
    wrote:write written:write withdrew:withdraw withdrawn:withdraw did:do done:do became:become beat:beat cut:cut
    hit:hit put:put set:set hurt:hurt cost:cost drew:draw drawn:draw drove:drive died:die driven:drive hid:hide
    hidden:hide lay:lie swore:swear sworn:swear wore:wear woke:wake
    """
IRREGULAR = {form: first for form, _, first in (pair.partition(":") for pair in _FORMS.split())}
"""Irregular forms to the form after "did"."""
HE = listed(
    """
    mr sir lord king prince father brother son husband chairman spokesman fisherman actor baron duke pope imam
    monsignor
    """
)
"""Words beside a name that say that he is a man."""
SHE = listed(
    """
    mrs ms miss dame lady queen princess mother sister daughter wife chairwoman spokeswoman actress baroness duchess
    nun
    """
)
"""Words beside a name that say that she is a woman."""
ROLES = (
    HE
    | SHE
    | listed(
        """
    ceo cfo pm mp
    dr prof professor president premier minister secretary governor mayor senator deputy chancellor ambassador judge
    justice prosecutor lawyer attorney chief head chair chairperson director executive manager officer general colonel
    captain sergeant major inspector commissioner coach trainer referee striker goalkeeper midfielder defender player
    champion singer writer author poet painter producer scientist astronomer engineer doctor surgeon nurse teacher
    economist analyst leader founder owner spokesperson candidate incumbent pilot driver farmer activist campaigner
    bishop rabbi archbishop cardinal curator archaeologist historian biologist skipper sailor speaker treasurer
    councillor lawmaker
    """
    )
)
"""Offices and trades of people."""
POLITICAL = listed("president premier minister governor mayor senator chancellor ambassador king queen emperor citizen bishop")
"""Offices that are held of a place."""
BODIES = listed(
    """
    bank court union party council office company university college institute ministry department agency authority
    board committee commission group inc corp corporation ltd limited plc co club fc united rovers city wanderers
    athletic federation association league parliament senate congress assembly government cabinet police army navy
    service services hospital school airlines airways railways motors foundation trust fund society organisation
    organization alliance coalition front movement guild guard chamber bureau laboratory laboratories industries
    holdings partners systems technologies energy electric mobile foods pharma biologics media press museum orchestra
    choir theatre tribunal exchange
    """
)
PLACES = listed(
    """
    city town village county province state republic kingdom island islands river lake sea bay strait hills hill
    mountain mountains valley street road square avenue bridge dam airport station stadium park forest desert coast
    harbour harbor port peninsula delta district region canal tunnel beach glacier
    """
)
THINGS = listed(
    """
    comet cup act law treaty prize festival clock storm hurricane cyclone operation project plan accord agreement
    award
    """
)
FIRST_HE = listed(
    """
    sam keir boris donald joe elon
    adam ahmed alan albert alexander ali andrew anthony antonio arthur ben bernard bruno carl carlos charles chris
    daniel david dmitri edward eric ernest felix frank fred gary george gregor hans harry hassan henry hugo ibrahim
    imran ivan jack jacob james jan jason john jonathan jorge jose joseph juan karl kevin lars leo louis lucas luis
    marco marcus mario mark martin mateo matthew max michael miguel mohammed muhammad neil nicholas nikolai oliver
    omar oscar otto owen pablo patrick paul pedro peter philip piotr raj ralph richard robert roger samuel sergei
    simon stefan stephen steven thomas tim tom usman viktor victor vladimir walter william yusuf
    """
)
"""First names that are nearly always a man’s."""
FIRST_SHE = listed(
    """
    ada agnes aisha alice amelia amina amy ana angela anita anna anne anya barbara beatrice carla carol caroline
    catherine charlotte christine clara claire claudia diana dora edith elena eleanor elizabeth ella emily emma esther
    eva fatima fiona florence grace greta hannah helen helena ines ingrid irene isabel jane jennifer jessica joan
    judith julia karen kate katherine laura leila lena linda lisa louise lucia lucy margaret maria marie martha mary
    maya mia monica nadia naomi natalia nina nora odile olga olivia patricia paula petra priya rachel rebecca rosa
    ruth sara sarah sofia sophie susan sylvia teresa valentina vera victoria yasmin zainab zoe
    """
)
"""First names that are nearly always a woman’s."""
