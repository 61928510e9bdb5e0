package launch

import "strings"

// A kind is how a key's value is read.
type kind int

const (
	number kind = iota
	people      // a number that counts the founder too
	text
	moment
	country
	rewards // a count, a list of amounts, or an object of its own
	album   // a list of measured pictures
	group   // an object whose keys count as its own
)

// A key is one thing that a plan may state.
type key struct {
	to   string // one of Fields, or the text's name
	kind kind
}

// spellings lists every way to name a key, a dot before what lies in an object.
// Case, "_", "-" and spaces make no difference. The last of each line is the
// column of public tables of campaigns.
var spellings = map[key][]string{
	{"goal", number}:            {"goal", "goal_amount", "goal.amount"},
	{"duration", number}:        {"duration_days", "duration"},
	{"main_video", number}:      {"main_video", "media.video", "media.main_video", "mainVideo"},
	{"extra_videos", number}:    {"extra_videos", "additional_videos", "media.extra_videos", "numAdditionalVideos"},
	{"images", number}:          {"images", "image_count", "media.images", "numImages"},
	{"words", number}:           {"words", "word_count", "totWordCount"},
	{"collaborators", number}:   {"collaborators", "team.collaborators", "numCollaborators"},
	{"collaborators", people}:   {"team_size", "team.size"},
	{"delivery", number}:        {"delivery_days", "rewards.delivery_days", "estimatedDelivery"},
	{"ships_worldwide", number}: {"ships_worldwide", "rewards.ships_worldwide", "shippingWorld"},
	{"rewards", number}:         {"reward_count", "rewards.count", "numPerks"},
	{"lowest_reward", number}:   {"lowest_reward", "reward_lowest", "rewards.lowest", "lowestPerk"},
	{"median_reward", number}:   {"median_reward", "reward_median", "rewards.median", "medianPerk"},
	{"highest_reward", number}:  {"highest_reward", "reward_highest", "rewards.highest", "highestPerk"},
	{"rewards", rewards}:        {"rewards", "perks"},
	{"north_america", country}:  {"country", "continent"},
	{"start", moment}:           {"start", "start_date", "launched_at", "startDate"},
	{"category", text}:          {"category", "sub_category"},
	{"main_category", text}:     {"main_category", "mainCategory"},
	{"currency", text}:          {"currency", "goal.currency", "rewards.currency"},
	{"title", text}:             {"title", "name"},
	{"blurb", text}:             {"blurb"},
	{"pictures", album}:         {"pictures", "media.pictures"},
	{"media", group}:            {"media"},
	{"team", group}:             {"team"},
}

var keys = func() map[string]key {
	all := map[string]key{}
	for k, names := range spellings {
		for _, name := range names {
			all[plain(name)] = k
		}
	}
	return all
}()

// plain is a key without what makes no difference.
func plain(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(name))
}

// northAmerica are the countries, and the continent, that count as such.
var northAmerica = map[string]bool{
	"north america": true, "us": true, "usa": true, "united states": true, "united states of america": true,
	"ca": true, "can": true, "canada": true, "mx": true, "mex": true, "mexico": true,
}
