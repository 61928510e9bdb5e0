package bertgraph

// A family is how one kind of BERT names its weights: tables by their full name,
// dense and norm layers without ".weight" and ".bias". What is in a layer is
// below layer, where %d is its number.
type family struct {
	prefix                            string // where a head was saved too
	words, positions, types, norm     string
	layer                             string
	query, key, value, mixed, mixNorm string // attention
	up, down, outNorm                 string // the two dense layers behind it
	offset                            bool   // positions begin behind the padding id's
	head                              []dense
}

// A dense layer of a classifier's head. The first reads the first token's state.
type dense struct {
	name       string // in the encoder where inside is set
	inside     bool
	activation string
}

var bert = family{
	prefix: "bert.",
	words:  "embeddings.word_embeddings.weight", positions: "embeddings.position_embeddings.weight",
	types: "embeddings.token_type_embeddings.weight", norm: "embeddings.LayerNorm",
	layer: "encoder.layer.%d.",
	query: "attention.self.query", key: "attention.self.key", value: "attention.self.value",
	mixed: "attention.output.dense", mixNorm: "attention.output.LayerNorm",
	up: "intermediate.dense", down: "output.dense", outNorm: "output.LayerNorm",
	head: []dense{{name: "pooler.dense", inside: true, activation: "tanh"}, {name: "classifier"}},
}

var roberta = func() family {
	f := bert
	f.prefix, f.offset = "roberta.", true
	f.head = []dense{{name: "classifier.dense", activation: "tanh"}, {name: "classifier.out_proj"}}
	return f
}()

// families are those that can be read, by config.json's model_type.
var families = map[string]family{
	"bert":        bert,
	"roberta":     roberta,
	"xlm-roberta": roberta,
	"camembert":   roberta,
	"distilbert": {
		prefix: "distilbert.",
		words:  "embeddings.word_embeddings.weight", positions: "embeddings.position_embeddings.weight", norm: "embeddings.LayerNorm",
		layer: "transformer.layer.%d.",
		query: "attention.q_lin", key: "attention.k_lin", value: "attention.v_lin",
		mixed: "attention.out_lin", mixNorm: "sa_layer_norm",
		up: "ffn.lin1", down: "ffn.lin2", outNorm: "output_layer_norm",
		head: []dense{{name: "pre_classifier", activation: "relu"}, {name: "classifier"}},
	},
}
