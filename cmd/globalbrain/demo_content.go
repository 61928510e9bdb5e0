package main

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
)

//go:embed demo/*.json
var demoFiles embed.FS

// demoTenant is one file of the demo's content: our own writing, fed through
// the same acts of the store as what people do.
type demoTenant struct {
	Slug     string            `json:"slug"`
	Name     map[string]string `json:"name"`
	Tagline  map[string]string `json:"tagline"`
	Hue      int               `json:"hue"`
	Currency string            `json:"currency"`
	Call     demoCall          `json:"call"`
	People   []demoPerson      `json:"people"`
	Ideas    []demoIdea        `json:"ideas"`
}

type demoCall struct {
	Slug  string            `json:"slug"`
	Title map[string]string `json:"title"`
	Brief map[string]string `json:"brief"`
}

type demoPerson struct {
	Key          string   `json:"key"`
	Name         string   `json:"name"`
	Email        string   `json:"email"`
	Locale       string   `json:"locale"`
	Roles        []string `json:"roles"`
	Organisation string   `json:"organisation"`
}

type demoIdea struct {
	Key       string        `json:"key"`
	Founder   string        `json:"founder"`
	Language  string        `json:"language"`
	Stage     string        `json:"stage"` // how far the idea has come; see demo_ideas.go
	Title     string        `json:"title"`
	Problem   string        `json:"problem"`
	Solution  string        `json:"solution"`
	Team      string        `json:"team"`
	GoalMinor int64         `json:"goal_minor"`
	AIUse     string        `json:"ai_use"`
	Note      string        `json:"note"`
	Rule      string        `json:"rule"`
	Reviews   []demoReview  `json:"reviews"`
	Support   []string      `json:"support"`
	Campaign  *demoCampaign `json:"campaign"`
	Pledges   []demoPledge  `json:"pledges"`
}

type demoReview struct {
	Expert       string            `json:"expert"`
	Impact       int               `json:"impact"`
	Feasibility  int               `json:"feasibility"`
	Auditability int               `json:"auditability"`
	Confidence   int               `json:"confidence"`
	Rationale    map[string]string `json:"rationale"`
}

type demoCampaign struct {
	Days      int          `json:"days"`
	GoalMinor int64        `json:"goal_minor"`
	Rewards   []demoReward `json:"rewards"`
}

type demoReward struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	AmountMinor int64  `json:"amount_minor"`
	Limit       int    `json:"limit"` // 0: none
}

type demoPledge struct {
	Backer      string `json:"backer"`
	AmountMinor int64  `json:"amount_minor"`
	Reward      int    `json:"reward"` // index into the campaign's rewards, -1 for none
	Anonymous   bool   `json:"anonymous"`
}

// readDemo reads the content of every demo tenant, in the files' order.
func readDemo() ([]demoTenant, error) {
	names, err := fs.Glob(demoFiles, "demo/*.json")
	if err != nil {
		return nil, err
	}
	var list []demoTenant
	for _, name := range names {
		raw, err := demoFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var t demoTenant
		if err := json.Unmarshal(raw, &t); err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		list = append(list, t)
	}
	return list, nil
}
