// Common English words of two to six letters: one token each, with a blank before them, in the vocabularies of today's
// models and in the built-in tokenizer.
const LIST = `about above across act action add after again age ago air all along also always among amount and animal
answer any appear are area arm army around art as ask at away baby back bad ball bank base be bear beat become bed been
before began begin behind being below best better big bird black blood blue board boat body bone book born both bottom
box boy break bridge bring brown build built burn busy but buy by call came can car care carry case cat catch cause cell
center chair chance change charge check child choose church city class clean clear climb clock close cloud coast cold
color come common cook cool copy corner corn cost could count course cover cow create cross crowd cry cut dance dark day
dead deal death decide deep design desk did die dinner direct do doctor does dog dollar done door double down draw dream
dress drink drive drop dry during each ear early earth ease east eat edge effect egg eight either else end enemy energy
enough enter equal even event ever every exact expect eye face fact fair fall family famous far farm fast father favor
fear feel feet fell few field fight figure fill final find fine finger finish fire first fish fit five floor flow flower
fly follow food foot for force forest form found four free fresh friend from front fruit full fun game garden gas gave
get girl give glad glass go gold gone good got govern grand grass great green grew ground group grow guess guide gun had
hair half hand happen happy hard has hat have he head hear heard heart heat heavy held help her here high hill him his
history hit hold hole home hope horse hot hour house how huge human hurry ice idea if in inch insect iron island it job
join joy jump just keep kept key kill kind king knew know lake land large last late laugh law lay lead learn least leave
led left leg length less let letter level lie life lift light like line list listen little live local log lone long look
lost lot loud love low made mail main make man many map mark market mass master match matter may me mean meat meet melody
men metal method middle might mile milk mind mine minute miss mix modern moment money month moon more most mother motion
mount mouth move much music must my name nation nature near neck need never new next night nine no noise noon nor north
nose note now number object ocean of off offer office often oil old on once one only open or order other our out over own
page paint pair paper parent part party pass past path pay people period person phrase pick piece place plain plan plane
plant play please plural poem point poor port pose post pound power press pretty print prove pull push put queen quick
quiet quite race radio rain raise ran range rather reach read ready real reason record red region repeat reply rest rich
ride right ring rise river road rock roll room root rope rose round row rule run safe said sail salt same sand sat save
saw say scale school sea search season seat second see seed seem select self sell send sense sent serve set settle seven
shall shape share sharp she sheet shell shine ship shoe shop short should shout show side sight sign silent silver simple
since sing single sister sit six size skill skin sky sleep slip slow small smell smile snow so soft soil solve some son
song soon sound south space speak speech speed spell spend spoke spot spread spring square stand star start state stay
steam steel step stick still stone stood stop store story street string strong such sudden sugar suit summer sun supply
sure swim symbol system table tail take talk tall teach team tell ten term test than thank that the their them then there
these they thick thin thing think third this those though three through time tiny tire to told tone too took tool top
total touch toward town track trade train travel tree trip truck true try tube turn twenty two type under unit until up
us use usual valley value vary verb very view visit voice vowel wait walk wall want war warm was wash watch water wave way
we wear week weight well went were west what wheel when where which while white who whole whose why wide wife wild will
win wind window wing winter wire wish with woman women wonder wood word work world would write wrong yard year yellow yes
yet you young your`;

/** The word list. */
export const WORDS: readonly string[] = LIST.split(/\s+/).filter((word) => word.length >= 2 && word.length <= 6);
